package page

// sums adds up each group of so many values; the last group may be smaller.
func sums(values []float64, group int) []float64 {
	if group <= 1 {
		return values
	}
	all := make([]float64, 0, len(values)/group+1)
	for from := 0; from < len(values); from += group {
		sum := 0.0
		for _, value := range values[from:min(from+group, len(values))] {
			sum += value
		}
		all = append(all, sum)
	}
	return all
}

// extremes keeps of each group of so many values the least and the greatest, in the order in which they come: two values a group, so that
// what stands out stays. A group of up to two is kept as it is.
func extremes(values []float64, group int) []float64 {
	if group <= 2 {
		return values
	}
	kept := make([]float64, 0, 2*(len(values)/group+1))
	for from := 0; from < len(values); from += group {
		least, greatest := from, from
		for i := from; i < min(from+group, len(values)); i++ {
			if values[i] < values[least] {
				least = i
			}
			if values[i] > values[greatest] {
				greatest = i
			}
		}
		kept = append(kept, values[min(least, greatest)], values[max(least, greatest)])
	}
	return kept
}

// groupOf returns how many values go together so that at most the given number of groups remain.
func groupOf(values, most int) int {
	return max((values+most-1)/max(most, 1), 1)
}
