package chance

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Empirical returns the distribution that draws each of the given values with a probability in proportion to its weight.
// Values are finite, weights finite and 0 or more, not all 0; equal values add up. There are as many weights as values, and at
// least one.
func Empirical(values, weights []float64) (*Distribution, error) {
	points, err := weighted(values, weights)
	if err != nil {
		return nil, err
	}
	reached := make([]float64, len(points))
	total := 0.0
	for i, p := range points {
		total += p.weight
		reached[i] = total
	}
	if !finite(total) {
		return nil, fmt.Errorf("the weights add up to %g: they must add up to a finite number", total)
	}
	d := &Distribution{text: empiricalText(points)}
	for i := range points {
		d.mean += float64(points[i].value * (points[i].weight / total))
		reached[i] /= total
	}
	reached[len(reached)-1] = 1
	guide := guideOf(reached)
	d.quantile = func(u float64) float64 {
		i := guide[int(u*float64(len(guide)))]
		for reached[i] < u {
			i++
		}
		return points[i].value
	}
	return finish(d, false)
}

type point struct{ value, weight float64 }

// weighted returns the values in ascending order, each once and none without weight.
func weighted(values, weights []float64) ([]point, error) {
	if len(values) != len(weights) {
		return nil, fmt.Errorf("there are %d values and %d weights: there must be as many", len(values), len(weights))
	}
	points := make([]point, 0, len(values))
	for i, value := range values {
		err := firstError(
			check("value "+strconv.Itoa(i+1), value, value == value, "a finite number"),
			check("weight "+strconv.Itoa(i+1), weights[i], weights[i] >= 0, "0 or more"))
		if err != nil {
			return nil, err
		}
		if weights[i] > 0 {
			points = append(points, point{value, weights[i]})
		}
	}
	if len(points) == 0 {
		return nil, fmt.Errorf("no value has a weight: at least one must be above 0")
	}
	slices.SortStableFunc(points, func(a, b point) int { return cmp.Compare(a.value, b.value) })
	return merged(points), nil
}

// merged adds up the weights of equal values that stand side by side.
func merged(points []point) []point {
	last := 0
	for _, p := range points[1:] {
		if p.value == points[last].value {
			points[last].weight += p.weight
			continue
		}
		last++
		points[last] = p
	}
	return points[:last+1]
}

// guideOf returns, for each of equally wide parts of the numbers from 0 to 1, where among the ascending reached numbers to start
// looking for those of the part.
func guideOf(reached []float64) []int32 {
	guide := make([]int32, len(reached))
	at := int32(0)
	for i := range guide {
		for reached[at] < float64(i)/float64(len(guide)) {
			at++
		}
		guide[i] = at
	}
	return guide
}

func empiricalText(points []point) string {
	var text strings.Builder
	text.WriteString("empirical(")
	for i, p := range points {
		if i > 0 {
			text.WriteString(", ")
		}
		fmt.Fprintf(&text, "%v %v", p.value, p.weight)
	}
	text.WriteString(")")
	return text.String()
}
