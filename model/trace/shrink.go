package trace

import "slices"

const (
	// mostTrials and mostLines bound the search of Shrink: how often it asks, and how many lines it has replayed in all.
	mostTrials = 20_000
	mostLines  = 4_000_000
)

// Shrink returns a trace with as few lines of t as it can find, in the same order, for which fails is still true. It drops
// runs of lines, long ones first (delta debugging, Zeller 1999), until no single line can go or the effort is spent. If fails is
// false for t itself, that is what comes back. t stays as it is.
func Shrink(t *Trace, fails func(*Trace) bool) *Trace {
	shortest, trials, replayed := *t, 0, 0
	fits := func(lines []Line) bool {
		trials, replayed = trials+1, replayed+len(lines)
		candidate := shortest
		candidate.Lines = lines
		return fails(&candidate)
	}
	if !fits(t.Lines) {
		return t
	}
	for size := max(1, len(t.Lines)/2); ; {
		dropped := false
		for from := 0; from < len(shortest.Lines) && trials < mostTrials && replayed < mostLines; {
			to := min(from+size, len(shortest.Lines))
			rest := slices.Concat(shortest.Lines[:from], shortest.Lines[to:])
			if fits(rest) {
				shortest.Lines, dropped = rest, true
			} else {
				from = to
			}
		}
		if size == 1 && !dropped || trials >= mostTrials || replayed >= mostLines {
			return &shortest
		}
		size = max(1, size/2)
	}
}
