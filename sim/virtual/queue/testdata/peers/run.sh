#!/bin/bash
# Compares the event queue with other discrete-event engines on the hold model, all in one run: `bash run.sh [ROUNDS]`. It
# installs what it needs: the Go engines come with this folder's go.mod, SimPy 2 is Debian's package python3-simpy.
# Each engine runs a second or two in each round; the table has the medians over the rounds.
set -euo pipefail
cd "$(dirname "$0")"
rounds=${1:-5}

if ! /usr/bin/python3 -c 'import SimPy' 2>/dev/null; then
	apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-simpy >/dev/null ||
		echo "python3-simpy could not be installed: SimPy is left out" >&2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/peers" .

for _ in $(seq "$rounds"); do
	for engine in queue simgo-callbacks simgo-processes godes; do
		"$work/peers" "$engine"
	done
	if /usr/bin/python3 -c 'import SimPy' 2>/dev/null; then
		/usr/bin/python3 hold.py
	fi
done >"$work/measured"

# Times by the clock suffer from whatever else the machine does; processor time does not, but counts idle spinning of the
# scheduler for engines that hand over between goroutines.
awk -v rounds="$rounds" '
	function median(values, n,   i, j, swap, sorted) {
		for (i = 1; i <= n; i++) sorted[i] = values[i]
		for (i = 1; i <= n; i++)
			for (j = i + 1; j <= n; j++)
				if (sorted[j] < sorted[i]) { swap = sorted[i]; sorted[i] = sorted[j]; sorted[j] = swap }
		return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
	}
	{
		if (!($1 in count)) order[++engines] = $1
		n = ++count[$1]
		wall[$1, n] = $2 / $3
		processor[$1, n] = $2 / $4
	}
	END {
		printf "hold model, 1000 pending, medians of %d rounds\n", rounds
		printf "%-16s %16s %8s %22s %8s\n", "engine", "events/s", "ratio", "events/processor-s", "ratio"
		for (k = 1; k <= engines; k++) {
			name = order[k]
			for (i = 1; i <= count[name]; i++) { a[i] = wall[name, i]; b[i] = processor[name, i] }
			w = median(a, count[name]); p = median(b, count[name])
			if (k == 1) { first = w; firstProcessor = p }
			printf "%-16s %16.0f %8.1f %22.0f %8.1f\n", name, w, first / w, p, firstProcessor / p
		}
	}' "$work/measured"
