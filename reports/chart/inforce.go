package chart

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"invitesim/reports/figure"
	"invitesim/sim"
)

// stretch is a part of a run in which one policy is in force, from and to in seconds since the start.
type stretch struct {
	from, to float64
	settings map[string]string
}

// stretches returns the parts of the run between changes of policy, in order of time.
func (v *view) stretches() []stretch {
	settings := maps.Clone(v.Policy.Settings)
	if settings == nil {
		settings = map[string]string{}
	}
	all := []stretch{{to: v.span, settings: settings}}
	for _, change := range v.Policies {
		at := float64(change.AtS)
		if at >= v.span {
			break
		}
		last := &all[len(all)-1]
		settings = maps.Clone(last.settings)
		maps.Copy(settings, change.Settings)
		if at <= last.from {
			last.settings = settings
			continue
		}
		last.to = at
		all = append(all, stretch{at, v.span, settings})
	}
	return all
}

// measured returns those stretches of which something is after the warm-up.
func (v *view) measured() []stretch {
	return slices.DeleteFunc(v.stretches(), func(s stretch) bool { return s.to <= v.warmup && v.warmup < v.span })
}

// never says whether a setting has the given value as long as anything is measured.
func (v *view) never(path, value string) bool {
	return !slices.ContainsFunc(v.measured(), func(s stretch) bool { return s.settings[path] != value })
}

// number reads a setting, 0 where it is no number.
func (s stretch) number(path string) float64 {
	value, err := strconv.ParseFloat(s.settings[path], 64)
	if err != nil {
		return 0
	}
	return value
}

// capPiece is a part of a run with one pending cap, 0 for none that is a number: then ratio says whether there is one that follows the share of
// old invitations.
type capPiece struct {
	from, to, cap float64
	ratio         bool
}

// caps returns the pending cap over time. The figures know that of the end alone.
func (v *view) caps() []capPiece {
	var pieces []capPiece
	for _, s := range v.stretches() {
		piece := capPiece{from: s.from, to: s.to}
		switch s.settings["pending_cap.mode"] {
		case "hard":
			piece.cap = s.number("pending_cap.count")
		case "ratio":
			piece.ratio = true
		}
		if last := len(pieces) - 1; last >= 0 && pieces[last].cap == piece.cap && pieces[last].ratio == piece.ratio {
			pieces[last].to = s.to
			continue
		}
		pieces = append(pieces, piece)
	}
	if len(pieces) == 1 && v.Pending != nil {
		pieces[0].cap = 0
		if v.Pending.Cap != nil {
			pieces[0].cap = float64(*v.Pending.Cap)
		}
	}
	return pieces
}

// capWords says the caps that changed into each other: 300, then none, then 100.
func capWords(pieces []capPiece) string {
	var words []string
	for _, piece := range pieces {
		words = append(words, piece.word())
	}
	return strings.Join(words, ", then ")
}

func (c capPiece) word() string {
	switch {
	case c.ratio:
		return "one that follows the share of old ones"
	case c.cap == 0:
		return "none"
	}
	return figure.Number(c.cap)
}

// label names the cap on its line; where there is no line, it says why.
func (c capPiece) label() string {
	switch {
	case c.ratio:
		return "no fixed cap"
	case c.cap == 0:
		return "no cap"
	}
	return "cap " + figure.Number(c.cap)
}

// CapPiece is the pending cap for a part of a run, from and to in seconds since the start.
type CapPiece struct{ From, To, Cap float64 }

// Caps returns the pending cap over time: one piece where it does not change, nothing for times without a cap that is a number.
func Caps(result *sim.Result) []CapPiece {
	var pieces []CapPiece
	for _, piece := range newView(result).caps() {
		if piece.cap > 0 {
			pieces = append(pieces, CapPiece{piece.from, piece.to, piece.cap})
		}
	}
	return pieces
}

// weeklyLimits returns the weekly limits that are in force after the warm-up: of each policy its own, or the least and the greatest of one
// that follows trust. The least one comes first, and each once.
func (v *view) weeklyLimits() []limitMark {
	var marks []limitMark
	add := func(name string, value float64) {
		same := func(m limitMark) bool { return m.value == value }
		if value > 0 && !slices.ContainsFunc(marks, same) {
			marks = append(marks, limitMark{name, value})
		}
	}
	for _, s := range v.measured() {
		switch s.settings["weekly_limit.mode"] {
		case "none":
		case "dynamic":
			add("least limit", s.number("weekly_limit.dynamic.min"))
			add("greatest limit", s.number("weekly_limit.dynamic.max"))
		default:
			add("weekly limit", s.number("weekly_limit.count"))
		}
	}
	slices.SortStableFunc(marks, func(a, b limitMark) int { return cmp.Compare(a.value, b.value) })
	return marks
}

// capSentence says how large the cap is, after what was outstanding.
func (v *view) capSentence() string {
	pieces := v.caps()
	switch {
	case len(pieces) > 1:
		return fmt.Sprintf("; the cap is %s", capWords(pieces))
	case pieces[0].cap > 0:
		return fmt.Sprintf(", of a cap of %s", figure.Number(pieces[0].cap))
	}
	return "; there is " + v.noCap()
}
