package chart

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"invitesim/reports/figure"
	"invitesim/sim"
)

// The curves of a result that tell the periods of the weekly limit of which only a part is measured from whole ones, each followed by a population. A
// result in which all are whole has none of them.
const (
	quotaCurve     = "quota."
	quotaWhole     = "quota_whole."
	quotaPeriods   = "quota_periods."
	quotaExhausted = "quota_exhausted."
)

// ofWholePeriods returns a result with the use of the weekly limit in whole periods alone: who sends on two days of a week is not far from the
// limit of it. Where no period is whole there is no use.
func ofWholePeriods(result *sim.Result) *sim.Result {
	whole := *result
	whole.Distributions = maps.Clone(result.Distributions)
	whole.MembersBy = maps.Clone(result.MembersBy)
	var all periodsUsed
	told := false
	for name := range result.Distributions {
		population, ok := strings.CutPrefix(name, quotaPeriods)
		if !ok {
			continue
		}
		told = true
		delete(whole.Distributions, quotaCurve+population)
		own := periodsUsed{}
		if curve, ok := result.Distributions[quotaWhole+population]; ok {
			whole.Distributions[quotaCurve+population] = curve
			_, n := periodsOf(result, population)
			own.add(points(curve), n, valueAt(points(result.Distributions[quotaExhausted+population]), 1))
			all.add(own.curve(), n, own.exhausted/n)
		}
		if figures := result.MembersBy[population]; figures != nil {
			f := *figures
			f.Quota = own.figures()
			whole.MembersBy[population] = &f
		}
	}
	if !told {
		return result
	}
	whole.Quota = all.figures()
	return &whole
}

// periodsOf returns how many periods with a send the members of a population had, parts and whole ones apart.
func periodsOf(result *sim.Result, population string) (parts, whole float64) {
	counts := points(result.Distributions[quotaPeriods+population])
	for _, p := range counts {
		if p.x == 0 {
			parts = p.y
		} else {
			whole = p.y
		}
	}
	return parts, whole
}

// partsNote says how many member-periods are left out since only a part of the period is measured; nothing where all are whole.
func partsNote(result *sim.Result) string {
	parts, whole := 0.0, 0.0
	for name := range result.Distributions {
		if population, ok := strings.CutPrefix(name, quotaPeriods); ok {
			some, others := periodsOf(result, population)
			parts, whole = parts+some, whole+others
		}
	}
	if parts == 0 {
		return ""
	}
	one, _ := CalendarPeriod(result)
	return fmt.Sprintf("%s of %s %s left out: part of a %s", figure.Number(parts), figure.Number(parts+whole), MemberPeriods(result), one)
}

// periodsUsed are periods by how much of the limit was used in them.
type periodsUsed struct {
	counts    map[float64]float64
	exhausted float64
}

// add adds so many periods with a cumulative share of them by use, and the share in which the limit was reached.
func (u *periodsUsed) add(cumulative []point, n, exhausted float64) {
	if u.counts == nil {
		u.counts = map[float64]float64{}
	}
	before := 0.0
	for _, p := range cumulative {
		u.counts[p.x] += math.Round((p.y - before) * n)
		before = p.y
	}
	u.exhausted += math.Round(exhausted * n)
}

// curve returns the cumulative shares by use.
func (u *periodsUsed) curve() []point {
	all := u.total()
	seen := 0.0
	var line []point
	for _, x := range slices.Sorted(maps.Keys(u.counts)) {
		seen += u.counts[x]
		line = append(line, point{x, seen / all})
	}
	return line
}

func (u *periodsUsed) total() float64 {
	all := 0.0
	for _, n := range u.counts {
		all += n
	}
	return all
}

// figures describes the periods as a result does; nil where there is none.
func (u *periodsUsed) figures() *sim.QuotaFigures {
	all := u.total()
	if all == 0 {
		return nil
	}
	line := u.curve()
	percentile := func(share float64) uint32 {
		for _, p := range line {
			if p.y >= share-1e-12 {
				return uint32(p.x)
			}
		}
		return uint32(lastX(line))
	}
	return &sim.QuotaFigures{UsedP50: percentile(0.5), UsedP90: percentile(0.9), UsedP99: percentile(0.99), ExhaustedShare: u.exhausted / all}
}

func lastX(line []point) float64 { return line[len(line)-1].x }
