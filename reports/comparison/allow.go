package comparison

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"invitesim/model"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// Allowance is how far a figure may change in one direction before it is a regression.
type Allowance struct {
	Text    string   // as written: PATH AMOUNT
	path    string   // of a figure, or a pattern with *
	up      bool     // whether it may rise, and not fall
	by      float64  // above or equal 0, in the unit of the figure, or as a share of the base
	share   bool     // by is a share of the base
	unit    sim.Unit // of by, where that is no share of the base
	literal bool     // the path is that of one figure
}

// expectAllowance says what an allowance looks like.
const expectAllowance = "PATH and a signed amount, such as 'latency.send.p99 +10%', 'pending.mean +5', " +
	"'commands.send.outcomes.rate_limited.share +0.5pp' (percentage points), 'response.accept.p50 -1h' or 'limits.* +5%'"

// ParseAllowance reads an allowance: the path of a figure, or a pattern in which * stands for any letters, and the amount by which the
// figure may rise (+) or fall (−). A percentage is of the base; `pp` are percentage points of a share; times have a unit; a
// plain number is for counts.
func ParseAllowance(text string) (Allowance, error) {
	fields := strings.Fields(text)
	if len(fields) != 2 || len(fields[1]) < 2 || fields[1][0] != '+' && fields[1][0] != '-' {
		return Allowance{}, fmt.Errorf("found %q, expected %s", text, expectAllowance)
	}
	a := Allowance{Text: text, path: fields[0], up: fields[1][0] == '+', literal: !strings.Contains(fields[0], "*")}
	if _, err := path.Match(a.path, ""); err != nil {
		return Allowance{}, fmt.Errorf("found the pattern %q, expected %s", a.path, expectAllowance)
	}
	if err := a.amount(fields[1][1:]); err != nil {
		return Allowance{}, fmt.Errorf("found the amount %q in %q, expected %s", fields[1], text, expectAllowance)
	}
	return a, nil
}

// amount reads what stands behind the sign.
func (a *Allowance) amount(text string) (err error) {
	if strings.ContainsAny(text[:1], "+-") {
		return fmt.Errorf("two signs")
	}
	number := func(digits string) float64 {
		value, wrong := strconv.ParseFloat(strings.ReplaceAll(digits, "_", ""), 64)
		if wrong != nil || !(value >= 0) || value > 1e18 {
			err = fmt.Errorf("no number")
		}
		return value
	}
	if digits, ok := strings.CutSuffix(text, "pp"); ok {
		a.by, a.unit = number(digits)/100, sim.UnitShare
		return err
	}
	if digits, ok := strings.CutSuffix(text, "%"); ok {
		a.by, a.share = number(digits)/100, true
		return err
	}
	if strings.ContainsAny(text[len(text)-1:], "0123456789") {
		a.by = number(text)
		return err
	}
	var length time.Duration
	length, err = model.ParseDuration(text)
	a.by, a.unit = length.Seconds(), sim.UnitSeconds
	return err
}

// names says whether the allowance is about a figure. A pattern is about figures alone that can get worse in its direction and are measured
// in the unit of its amount.
func (a *Allowance) names(f *Figure) bool {
	if a.literal {
		return a.path == f.Path
	}
	matched, _ := path.Match(a.path, f.Path) // the pattern was checked when it was read; a star stops at slashes alone
	return matched && f.Worse.sign() == a.sign() && (a.share || unitOf(f.Path) == a.unit)
}

func (a *Allowance) sign() int {
	if a.up {
		return 1
	}
	return -1
}

// exceeded says whether a figure changed by more than that, in the direction of the allowance.
func (a *Allowance) exceeded(f *Figure) bool {
	change := f.Change * float64(a.sign())
	if change <= 0 {
		return false
	}
	if !a.share {
		by := a.by
		if unit, _ := sim.CheckPath(ofAnybody(f.Path), nil); unit == sim.UnitNanoseconds {
			by *= float64(time.Second)
		}
		return change > by
	}
	if f.Relative == nil {
		return true // from nothing, which no share is enough for
	}
	return *f.Relative*float64(a.sign()) > a.by
}

// check returns what is wrong with the allowance where the results have these populations: a path that no result has, an amount in
// another unit than the figure's.
func (a *Allowance) check(populations []string) error {
	if !a.literal {
		return nil
	}
	window, _, _ := figure.Split(a.path)
	if _, err := sim.CheckPath(strings.TrimPrefix(a.path, "windows."+window+"."), populations); err != nil {
		return fmt.Errorf("%q: %w", a.Text, err)
	}
	if unit := unitOf(a.path); !a.share && unit != a.unit {
		return fmt.Errorf("%q: found %s, expected %s or a percentage", a.Text, unitName(a.unit), unitName(unit))
	}
	return nil
}

// unitOf returns what the amount of an allowance on a figure is written in: a time, whether the figure is in seconds or in nanoseconds.
func unitOf(path string) sim.Unit {
	unit, err := sim.CheckPath(ofAnybody(path), nil)
	if err != nil {
		return sim.UnitNumber
	}
	if unit == sim.UnitNanoseconds {
		return sim.UnitSeconds
	}
	return unit
}

func unitName(unit sim.Unit) string {
	switch unit {
	case sim.UnitShare:
		return "percentage points (pp)"
	case sim.UnitSeconds:
		return "a time with its unit"
	}
	return "a plain number"
}

// judge says whether a figure that really changed is worse than allowed, and by which allowance. The last allowance for a direction
// counts; without any, a figure that can get worse may not.
func judge(f *Figure, allowances []Allowance) {
	named := false
	for i := range allowances {
		a := &allowances[i]
		if !a.names(f) {
			continue
		}
		named = true
		if a.sign() == sign(f.Change) {
			f.Allowed, f.Regress = a.Text, a.exceeded(f)
		}
	}
	if !named {
		f.Regress = f.IsWorse()
	}
	f.Regress = f.Regress && f.Told()
}
