package measure

import (
	"invitesim/model"
	"invitesim/sim"
)

// series collects the time series, step by step.
type series struct {
	step  [outcomeCells]uint32 // of the running step
	seen  [outcomeCells]bool
	cells []stepCell // of all steps, in order
	rows  []stepRow
}

// stepSum is what was counted in a step, and how things stand at its end.
type stepSum struct {
	cells           [outcomeCells]uint32
	holders         counts
	senders, capped []uint64 // by population
	restricted      int
}

// add adds what somebody else counted in the same step.
func (s *stepSum) add(o *stepSum) {
	for cell, n := range o.cells {
		s.cells[cell] += n
	}
	s.holders.merge(o.holders)
	if s.senders == nil {
		s.senders, s.capped = make([]uint64, len(o.senders)), make([]uint64, len(o.capped))
	}
	for i := range o.senders {
		s.senders[i] += o.senders[i]
		s.capped[i] += o.capped[i]
	}
	s.restricted += o.restricted
}

// atCap returns the share of a population's senders who are at the cap.
func (s *stepSum) atCap(population int) float64 {
	if s.senders[population] == 0 {
		return 0
	}
	return float64(s.capped[population]) / float64(s.senders[population])
}

// stepCell is how often a verb had an outcome in a step.
type stepCell struct {
	cell  uint16
	count uint32
}

// stepRow is one finished step.
type stepRow struct {
	cells       int // index behind its last cell
	outstanding [len(outstandingThousandths)]uint32
	largest     uint32
	atCap       uint64
	restricted  int
}

// outstandingThousandths are the percentiles of the series, with the columns' names.
var (
	outstandingThousandths = [...]uint64{50, 250, 500, 750, 950, 990}
	outstandingColumns     = [...]string{"p5", "p25", "p50", "p75", "p95", "p99"}
)

// count counts a command in the running step.
func (s *series) count(verb model.Verb, outcome model.Outcome) {
	s.step[int(verb)*model.Outcomes+int(outcome)]++
}

// append adds a finished step.
func (s *series) append(sum *stepSum) {
	for cell, count := range sum.cells {
		if count > 0 {
			s.seen[cell] = true
			s.cells = append(s.cells, stepCell{uint16(cell), count})
		}
	}
	row := stepRow{cells: len(s.cells), largest: sum.holders.largest(), restricted: sum.restricted}
	for _, capped := range sum.capped {
		row.atCap += capped
	}
	for i, thousandths := range outstandingThousandths {
		row.outstanding[i] = sum.holders.percentile(thousandths)
	}
	s.rows = append(s.rows, row)
}

// EndStep closes a step of the series whose last instant is t. Every timer due by t must have fired. Capped says whether
// the pending cap would refuse a member's next send at t; it is asked only where the policy's cap is a ratio.
func (r *Recorder) EndStep(t model.Instant, capped func(model.Member) bool) {
	r.countCapped(capped)
	sum := stepSum{cells: r.series.step, restricted: r.restricted.count(t)}
	r.series.step = [outcomeCells]uint32{}
	for i := range r.tallies {
		own := &r.tallies[i]
		sum.holders.merge(own.holders)
		sum.senders = append(sum.senders, own.senders)
		sum.capped = append(sum.capped, own.capped)
	}
	if r.division != nil {
		r.division.joint.end(r, t+1, &sum)
	} else {
		r.series.append(&sum)
		for i := range r.tallies {
			r.tallies[i].atCap = append(r.tallies[i].atCap, sum.atCap(i))
		}
	}
	r.stepsEnded++
}

// countCapped counts the senders at the pending cap, by population.
func (r *Recorder) countCapped(capped func(model.Member) bool) {
	limit := &r.policy.PendingCap
	for i := range r.tallies {
		own := &r.tallies[i]
		own.capped = 0
		if threshold, ok := hardCap(limit); ok {
			own.capped = own.holders.above(threshold)
		}
	}
	if limit.Mode != model.CapRatio {
		return
	}
	kept := r.crowded[:0]
	for _, m := range r.crowded {
		if r.members[m].outstanding < limit.Ratio.AtLeast {
			r.members[m].marks &^= markCrowded
			continue
		}
		kept = append(kept, m)
		if capped(m) {
			r.tallies[r.PopulationOf(m)].capped++
		}
	}
	r.crowded = kept
}

// hardCap returns from how many outstanding invitations on a hard cap refuses the next; false where there is none.
func hardCap(limit *model.PendingCap) (threshold uint64, ok bool) {
	if limit.Mode != model.CapHard {
		return 0, false
	}
	if limit.RefuseAt == model.RefuseExceeded {
		return uint64(limit.Count) + 1, true
	}
	return uint64(limit.Count), true
}

// result returns the series as reports read it.
func (s *series) result(step model.Seconds) sim.Series {
	out := sim.Series{StepS: int64(step), Columns: []string{"t_s"}, Rows: make([][]float64, 0, len(s.rows))}
	column := make([]int, outcomeCells)
	for cell, seen := range s.seen {
		if seen {
			column[cell] = len(out.Columns)
			verb, outcome := model.Verb(cell/model.Outcomes), model.Outcome(cell%model.Outcomes)
			out.Columns = append(out.Columns, verb.String()+"."+outcome.String())
		}
	}
	tail := len(out.Columns)
	for _, name := range outstandingColumns {
		out.Columns = append(out.Columns, "outstanding."+name)
	}
	out.Columns = append(out.Columns, "outstanding.max", "members_at_cap", "restricted")
	first := 0
	for i := range s.rows {
		row := make([]float64, len(out.Columns))
		row[0] = float64(int64(i) * int64(step))
		for _, cell := range s.cells[first:s.rows[i].cells] {
			row[column[cell.cell]] = float64(cell.count)
		}
		first = s.rows[i].cells
		s.rows[i].fill(row[tail:])
		out.Rows = append(out.Rows, row)
	}
	return out
}

// fill writes the columns that describe the end of the step.
func (s *stepRow) fill(row []float64) {
	for i, value := range s.outstanding {
		row[i] = float64(value)
	}
	row = row[len(s.outstanding):]
	row[0], row[1], row[2] = float64(s.largest), float64(s.atCap), float64(s.restricted)
}
