package scenarios

import "invitesim/sim"

// quietWeight is what an hour outside a pattern's busy ones weighs beside a busy one.
const quietWeight = 0.1

func patternNames() []string { return []string{"always", "workdays", "evenings"} }

// pattern reads at which hours of the week members are active.
func (d *decoder) pattern(n *node) sim.Pattern {
	always := scaled(func(_, _ int) float64 { return 1 })
	if n == nil {
		return always
	}
	if n.kind == mapping {
		return d.weighted(n)
	}
	switch d.word(n, patternNames()...) {
	case 1:
		return scaled(func(day, hour int) float64 { return busy(day < 5 && hour >= 8 && hour < 18) })
	case 2:
		return scaled(func(_, hour int) float64 { return busy(hour >= 18 && hour < 23) })
	}
	return always
}

func busy(yes bool) float64 {
	if yes {
		return 1
	}
	return quietWeight
}

// weighted reads a pattern of the user's own: an hour weighs its weight times its day's.
func (d *decoder) weighted(n *node) sim.Pattern {
	f := d.mapping(n, weightsShape())
	hours, days := d.weights(f.get("hours"), 24), d.weights(f.get("days"), 7)
	return scaled(func(day, hour int) float64 {
		weight := 1.0
		if hours != nil {
			weight = hours[hour]
		}
		if days != nil {
			weight *= days[day]
		}
		return weight
	})
}

// scaled returns the weights with a mean of 1 over the week.
func scaled(weight func(day, hour int) float64) sim.Pattern {
	var p sim.Pattern
	sum := 0.0
	for i := range p {
		p[i] = weight(i/24, i%24)
		sum += p[i]
	}
	for i := range p {
		p[i] *= float64(len(p)) / sum
	}
	return p
}
