package theory

import (
	"math"
	"slices"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
	"invitesim/sim/people"
)

const (
	cells       = 10_000 // of the time axis
	rateClasses = 256    // of members by how much they send
	curvePoints = 120
)

const pendingFormula = "rate × mean time outstanding (Little's law; M/G/∞ from an empty start), over those who have sent"

// holds says whether the time that an invitation of a population is outstanding has a closed form: answers, blocks, mistakes and
// expiry end it, and nothing else does.
func holds(plan *sim.Plan, g *people.Group) bool {
	policy := &plan.Policy
	changes := slices.ContainsFunc(plan.Events, func(e sim.Event) bool { return e.Policy != nil })
	if changes || policy.Views.Lag.Share > 0 || g.Busy() == nil || g.Send.Kinds[model.Connect] == 0 {
		return false
	}
	if g.Resend != nil || g.Leave != nil || g.Tidy != nil {
		return false
	}
	for _, target := range g.Send.To {
		to := &plan.Populations[target.Population]
		moody := to.Respond != nil && to.Respond.Again != 1 && policy.ReceivedList.ShowPrior
		fickle := to.Respond != nil && to.Respond.Reconsider != nil || to.Unblock != nil && to.Unblock.Again != nil
		if to.Leave != nil || moody || fickle || to.Start.Inbound[model.Anyone] < 1 {
			return false
		}
	}
	return true
}

// flow is the invitations of one population, for a member who sends one a second of mean intensity.
type flow struct {
	g     *people.Group
	rates []rateClass
	width float64            // of a cell, in seconds
	busy  [cells + 1]float64 // integral of the intensity up to the start of each cell
	left  [cells + 1]float64 // share of invitations that are outstanding at an age of so many cells
	spent [cells + 1]float64 // mean time outstanding up to that age
}

// rateClass is members who send about equally much: their mean rate.
type rateClass struct{ members, rate float64 }

// newFlow works out what a population's invitations come to.
func newFlow(plan *sim.Plan, g *people.Group) *flow {
	f := &flow{g: g, rates: classesOf(g), width: float64(plan.Duration) / cells}
	for i := range f.busy {
		f.busy[i] = g.Busy().Until(int64(float64(f.width*float64(i)) * 1e9))
		f.left[i] = 0
	}
	for _, target := range g.Send.To {
		f.addTarget(plan, &plan.Populations[target.Population], target.Share)
	}
	for i := 1; i <= cells; i++ {
		f.spent[i] = f.spent[i-1] + float64((f.left[i-1]+f.left[i])/2*f.width)
	}
	return f
}

// addTarget adds the invitations to one population.
func (f *flow) addTarget(plan *sim.Plan, to *sim.Population, share float64) {
	mistakes, answers := make([]float64, cells+1), make([]float64, cells+1)
	if own := f.g.Mistakes; own != nil {
		mistakes = f.reached(own.After, own.Share)
	}
	if to.Respond != nil {
		how := to.Respond.Answers
		if own, ok := to.Respond.From[f.g.Index]; ok {
			how = own
		}
		answers = f.reached(to.Respond.Delay, how.Accept+how.Block)
	}
	for i := range f.left {
		age := float64(f.width * float64(i))
		if plan.Policy.Expiry < model.Forever && age >= float64(plan.Policy.Expiry) {
			return
		}
		f.left[i] += float64(share * float64((1-mistakes[i])*(1-answers[i])))
	}
}

// reached returns the share of cases in which something has happened by each age, if it happens in a share of them after the time.
func (f *flow) reached(after *chance.Distribution, share float64) []float64 {
	const draws = 10_000
	all := make([]float64, cells+1)
	k := 0
	for i := range all {
		for k < draws && after.Quantile((float64(k)+0.5)/draws) <= float64(f.width*float64(i)) {
			k++
		}
		all[i] = float64(share * float64(k) / draws)
	}
	return all
}

// classesOf puts members together who send about equally much.
func classesOf(g *people.Group) []rateClass {
	rates := make([]float64, g.Count)
	for i := range rates {
		rates[i] = g.RateOf(g.First+model.Member(i)) * g.Send.Kinds[model.Connect]
	}
	slices.Sort(rates)
	var classes []rateClass
	for k := range rateClasses {
		part := rates[k*len(rates)/rateClasses : (k+1)*len(rates)/rateClasses]
		if len(part) == 0 {
			continue
		}
		sum := 0.0
		for _, rate := range part {
			sum += rate
		}
		classes = append(classes, rateClass{float64(len(part)), sum / float64(len(part))})
	}
	return classes
}

// at returns a table's value at an age in cells, between two of which it is a straight line.
func at(table *[cells + 1]float64, age float64) float64 {
	if age <= 0 {
		return table[0]
	}
	i := min(int(age), cells-1)
	return table[i] + float64((table[i+1]-table[i])*(age-float64(i)))
}

// outstanding returns the mean number outstanding at the start of a cell of a member with rate 1.
func (f *flow) outstanding(cell int) float64 {
	sum := 0.0
	for i := range cell {
		sum += float64((f.busy[i+1] - f.busy[i]) * at(&f.left, float64(cell-i)-0.5))
	}
	return sum
}

// held returns the time that invitations of a member with rate 1 are outstanding from a cell on.
func (f *flow) held(from int) float64 {
	sum := 0.0
	for i := range cells {
		sent := float64(i) + 0.5
		time := at(&f.spent, cells-sent)
		if i < from {
			time -= at(&f.spent, float64(from)-sent)
		}
		sum += float64((f.busy[i+1] - f.busy[i]) * time)
	}
	return sum
}

// rate returns the sends of all members together.
func (f *flow) rate() float64 {
	sum := 0.0
	for _, class := range f.rates {
		sum += float64(class.members * class.rate)
	}
	return sum
}

// senders returns how many members have sent by the middle of a cell.
func (f *flow) senders(cell int) float64 {
	busy := (f.busy[cell] + f.busy[cell+1]) / 2
	sum := 0.0
	for _, class := range f.rates {
		sum -= float64(class.members * chance.Expm1(-float64(class.rate*busy)))
	}
	return sum
}

// time returns how long members have been senders, all together, from a cell on. It looks at every tenth cell: senders are slow to
// come.
func (f *flow) time(from int) float64 {
	const coarse = 10
	sum := 0.0
	for cell := from; cell < cells; cell += coarse {
		width := min(coarse, cells-cell)
		sum += float64(f.senders(cell+width/2) * float64(f.width*float64(width)))
	}
	return sum
}

// pendingOf predicts the mean outstanding per sender of some populations.
func pendingOf(plan *sim.Plan, groups []people.Group, populations []int, m Measured) (sim.Prediction, bool) {
	means := m.PendingByGroup(populations)
	if means == nil {
		return sim.Prediction{}, false
	}
	held, time := 0.0, 0.0
	from := int(math.Round(float64(plan.Warmup) * cells / float64(plan.Duration)))
	for _, i := range populations {
		f := newFlow(plan, &groups[i])
		held += float64(f.rate() * f.held(from))
		time += f.time(from)
	}
	figures := &m.Result.Figures
	if len(populations) == 1 {
		figures = m.Result.MembersBy[groups[populations[0]].Name]
	}
	if figures.Pending == nil || time == 0 {
		return sim.Prediction{}, false
	}
	p := sim.Prediction{Name: "pending.mean", Formula: pendingFormula, Predicted: held / time, Measured: figures.Pending.Mean}
	compare(&p, standardError(means), student95, student999)
	return p, true
}

// standardError returns that of the mean of some values.
func standardError(values []float64) float64 {
	n, sum, squares := float64(len(values)), 0.0, 0.0
	for _, v := range values {
		sum += v
	}
	for _, v := range values {
		squares += float64((v - sum/n) * (v - sum/n))
	}
	return math.Sqrt(squares / (n - 1) / n)
}

// curve returns the mean outstanding per sender over time.
func curve(plan *sim.Plan, groups []people.Group, populations []int) *sim.Curve {
	c := &sim.Curve{Unit: "invitations per sender"}
	held, senders := make([]float64, curvePoints), make([]float64, curvePoints)
	for _, i := range populations {
		f := newFlow(plan, &groups[i])
		for k := range curvePoints {
			cell := min((k+1)*cells/curvePoints, cells-1)
			held[k] += float64(f.rate() * f.outstanding(cell))
			senders[k] += f.senders(cell)
		}
	}
	for k := range curvePoints {
		if senders[k] > 0 {
			cell := min((k+1)*cells/curvePoints, cells-1)
			c.X = append(c.X, float64(cell)*float64(plan.Duration)/cells)
			c.Y = append(c.Y, held[k]/senders[k])
		}
	}
	return c
}
