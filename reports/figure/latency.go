package figure

// Latency writes a length of time, given in nanoseconds, in the unit that a person would choose, with at most three significant
// digits: 250 ns, 1.4 µs, 12 ms, 2.1 s.
func Latency(nanoseconds float64) string {
	for _, unit := range []struct {
		length float64
		name   string
	}{{1, " ns"}, {1e3, " µs"}, {1e6, " ms"}} {
		if nanoseconds/unit.length < 999.5 {
			return Number(nanoseconds/unit.length) + unit.name
		}
	}
	return Duration(nanoseconds / 1e9)
}
