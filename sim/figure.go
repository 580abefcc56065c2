package sim

import (
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"

	"invitesim/model"
)

// Unit says what a figure of a result is measured in, and so which literals a threshold on it may have.
type Unit uint8

// The units of figures.
const (
	UnitNumber      Unit = iota // counts, and means of counts
	UnitShare                   // 0 to 1
	UnitSeconds                 // of the people's time
	UnitNanoseconds             // of latency
)

// PathError says that a path cannot exist in any result.
type PathError struct {
	Path   string
	Offset int      // in bytes, of the part of Path that is wrong; the length of Path where it ends too early
	Part   string   // that part; empty where the path ends too early
	Known  []string // what may stand there; nothing where the path should have ended before
	Kept   bool     // whether the part is a key of result.json after all, such as seed: one without a figure
}

// Error says where the path goes wrong.
func (e *PathError) Error() string {
	above := strings.TrimSuffix(e.Path[:e.Offset], ".")
	switch {
	case e.Kept:
		return e.Part + " is in every result, or in some, but is no figure"
	case e.Part == "" && e.Offset < len(e.Path):
		return "a part of the path has no name"
	case e.Part == "":
		return above + " is not a figure, but holds several"
	case len(e.Known) == 0:
		return above + " is a figure and holds no " + e.Part
	case above == "":
		return "a result has no " + e.Part
	}
	return above + " has no " + e.Part
}

// CheckPath returns the unit of the figure at a path, such as `commands.send.outcomes.rate_limited.share`: the keys of result.json without
// `_s` and `_ns`. Populations are the names that may follow `members_by`. The error of a path that no result can have is a *PathError.
func CheckPath(path string, populations []string) (Unit, error) {
	all := append(runFigures(), memberFigures()...)
	inner, offset := path, 0
	if name, rest, ok := memberPath(path); ok {
		if !slices.Contains(populations, name) {
			return 0, &PathError{Path: path, Offset: len(membersBy), Part: name, Known: populations}
		}
		all = populationFigures()
		inner, offset = rest, len(path)-len(rest)
	}
	for i := range all {
		if all[i].path == inner {
			return all[i].unit, nil
		}
	}
	return 0, astray(path, offset, all, populations)
}

// astray finds out at which part a path leaves those that exist. What is before offset is known to be right.
func astray(path string, offset int, all []figure, populations []string) *PathError {
	for at := offset; ; {
		part, _, more := strings.Cut(path[at:], ".")
		known := partsAfter(path[offset:at], all)
		if offset == 0 && at == 0 && len(populations) > 0 {
			known = append(known, strings.TrimSuffix(membersBy, "."))
		}
		if !slices.Contains(known, part) {
			return &PathError{Path: path, Offset: at, Part: part, Known: known, Kept: at == 0 && isKey(part)}
		}
		if !more {
			known = partsAfter(path[offset:]+".", all)
			if path+"." == membersBy {
				known = populations
			}
			return &PathError{Path: path, Offset: len(path), Known: known}
		}
		at += len(part) + 1
	}
}

// isKey says whether result.json has a key of that name, or of that name and a unit.
func isKey(name string) bool {
	return slices.ContainsFunc(reflect.VisibleFields(reflect.TypeFor[Result]()), func(field reflect.StructField) bool {
		tag := field.Tag.Get("json")
		key, _, _ := strings.Cut(tag, ",")
		short, _ := keyOf(tag)
		return name != "" && (name == key || name == short)
	})
}

// partsAfter returns what may follow a beginning of a path, in the order of the result's keys.
func partsAfter(beginning string, all []figure) []string {
	var parts []string
	for i := range all {
		if rest, ok := strings.CutPrefix(all[i].path, beginning); ok {
			part, _, _ := strings.Cut(rest, ".")
			if !slices.Contains(parts, part) {
				parts = append(parts, part)
			}
		}
	}
	return parts
}

// membersBy begins the path of a figure of one population.
const membersBy = "members_by."

// memberPath takes the path of a figure of a population apart.
func memberPath(path string) (name, rest string, ok bool) {
	tail, found := strings.CutPrefix(path, membersBy)
	name, rest, _ = strings.Cut(tail, ".")
	return name, rest, found
}

// Figure returns the figure at a path: in seconds, nanoseconds, counts, or shares of 1. There is no sample where the figure tells nothing: no
// command of the verb was given, nobody answered, the run did not measure it, no such path exists. An outcome, or a limit's refusal, that did not occur
// among the commands that there were is 0. The figures of a window stand under its name, as in windows.2w..4w.pending.p99.
func Figure(result *Result, path string) (value float64, sample bool) {
	place, known := locate(path)
	if !known {
		return 0, false
	}
	return place.read(result)
}

// place is where in a result a figure stands.
type place struct {
	figure
	of func(*Result) *Figures // nil where the result has none of these
}

// read returns the figure at the place.
func (p *place) read(result *Result) (value float64, sample bool) {
	of := p.of(result)
	if of == nil {
		return 0, false
	}
	return p.figure.read(result, of)
}

// locate finds the figure at a path; false where no result can have it.
func locate(path string) (p place, known bool) {
	window, rest, inWindow := windowPath(path)
	all := memberFigures()
	if !inWindow {
		all, rest = append(runFigures(), all...), path
	}
	name, own, isPopulation := memberPath(rest)
	if isPopulation {
		all, rest = populationFigures(), own
	}
	p.of = func(r *Result) *Figures {
		everybody, by := &r.Figures, r.MembersBy
		if inWindow {
			found := r.Windows[window]
			if found == nil {
				return nil
			}
			everybody, by = &found.Figures, found.MembersBy
		}
		if isPopulation {
			return by[name]
		}
		return everybody
	}
	for i := range all {
		if all[i].path == rest {
			p.figure = all[i]
			return p, true
		}
	}
	return place{}, false
}

// windows begins the path of a figure of one window; the window, such as 2w..4w, comes next.
const windows = "windows."

// windowPath takes the path of a figure of a window apart.
func windowPath(path string) (window, rest string, ok bool) {
	tail, found := strings.CutPrefix(path, windows)
	from, tail, dots := strings.Cut(tail, "..")
	until, rest, ends := strings.Cut(tail, ".")
	return from + ".." + until, rest, found && dots && ends
}

// InWindows says whether a figure of a run is measured in windows too. Those of members and of populations are, those of the run
// itself, such as checks and latencies, are not.
func InWindows(path string) bool {
	_, known := locate(windows + Span{}.String() + "." + path)
	return known
}

// onlyGrows says whether a figure can but rise from the end of the warm-up on: how often something happened, the most of something.
func onlyGrows(path string) bool {
	if _, own, ok := memberPath(path); ok {
		path = own
	}
	top, _, _ := strings.Cut(path, ".")
	last := path[strings.LastIndex(path, ".")+1:]
	switch top {
	case "turns", "queries":
		return true
	case "commands", "response":
		return last == "count"
	case "invitations":
		return !strings.HasPrefix(last, "outstanding")
	case "limits":
		return last != "member_share"
	case "pending":
		return last == "max"
	case "checks":
		return last != "until"
	}
	return false
}

// EachFigure calls visit with every figure that the result has a sample of, in a fixed order: those of the whole run, then those of each
// population by name, then so for each window.
func EachFigure(result *Result, visit func(path string, value float64)) {
	tell := func(all []figure, of *Figures, prefix string) {
		for i := range all {
			if value, sample := all[i].read(result, of); sample {
				visit(prefix+all[i].path, value)
			}
		}
	}
	each := func(everybody []figure, of *Figures, by map[string]*Figures, prefix string) {
		tell(everybody, of, prefix)
		for _, name := range slices.Sorted(maps.Keys(by)) {
			tell(populationFigures(), by[name], prefix+membersBy+name+".")
		}
	}
	each(append(runFigures(), memberFigures()...), &result.Figures, result.MembersBy, "")
	for _, name := range slices.Sorted(maps.Keys(result.Windows)) {
		window := result.Windows[name]
		each(memberFigures(), &window.Figures, window.MembersBy, windows+name+".")
	}
}

// figure is one number of a result.
type figure struct {
	path string
	unit Unit
	read func(*Result, *Figures) (value float64, sample bool)
}

// group makes figures of the numbers in a struct of type T, which find returns, or nil where there is no sample of them.
func group[T any](path string, find func(*Result, *Figures) *T) []figure {
	var all []figure
	for i, field := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		key, unit := keyOf(field.Tag.Get("json"))
		if len(field.Index) > 1 || !isNumeric(field.Type) {
			continue
		}
		all = append(all, figure{strings.TrimPrefix(path+"."+key, "."), unit, func(r *Result, f *Figures) (float64, bool) {
			of := find(r, f)
			if of == nil {
				return 0, false
			}
			return numberOf(reflect.ValueOf(of).Elem().Field(i))
		}})
	}
	return all
}

// keyOf returns the key of a field as it is in paths, and its unit.
func keyOf(tag string) (string, Unit) {
	key, _, _ := strings.Cut(tag, ",")
	if strings.HasSuffix(key, "_per_s") {
		return key, UnitNumber
	}
	if short, ok := strings.CutSuffix(key, "_s"); ok {
		return short, UnitSeconds
	}
	if short, ok := strings.CutSuffix(key, "_ns"); ok {
		return short, UnitNanoseconds
	}
	if strings.HasSuffix(key, "share") {
		return key, UnitShare
	}
	return key, UnitNumber
}

func isNumeric(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() >= reflect.Int && t.Kind() <= reflect.Float64
}

func numberOf(v reflect.Value) (value float64, sample bool) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return 0, false
		}
		v = v.Elem()
	}
	switch {
	case v.CanInt():
		return float64(v.Int()), true
	case v.CanUint():
		return float64(v.Uint()), true
	}
	return v.Float(), !math.IsNaN(v.Float())
}

// runFigures are the figures of a whole run.
func runFigures() []figure {
	all := group("", func(r *Result, _ *Figures) *Result { return r })
	all = slices.DeleteFunc(all, func(f figure) bool { return slices.Contains([]string{"seed", "workers", "for"}, f.path) }) // how it was called
	all = append(all, group("checks.invariants", func(r *Result, _ *Figures) *InvariantChecks {
		if r.Checks == nil {
			return nil
		}
		return &r.Checks.Invariants
	})...)
	all = append(all, group("checks.linearizability", func(r *Result, _ *Figures) *LinearizabilityChecks {
		if r.Checks == nil {
			return nil
		}
		return r.Checks.Linearizability
	})...)
	all = append(all, group("checks.oracle", func(r *Result, _ *Figures) *OracleChecks {
		if r.Checks == nil {
			return nil
		}
		return &r.Checks.Oracle
	})...)
	return append(all, latencyFigures()...)
}

// populationFigures are the figures of one population.
func populationFigures() []figure {
	return append(group("", func(_ *Result, f *Figures) *Figures { return f }), memberFigures()...)
}

// memberFigures are the figures of the run and of each population alike.
func memberFigures() []figure {
	all := group("turns", func(_ *Result, f *Figures) *Turns { return &f.Turns })
	for verb := range model.Verb(model.Verbs) {
		if !verb.IsQuery() {
			all = append(all, commandFigures(verb)...)
		}
	}
	for verb := range model.Verb(model.Verbs) {
		if verb.IsQuery() {
			all = append(all, group("queries."+verb.String(), func(_ *Result, f *Figures) *Count {
				count := f.Queries[verb.String()]
				return &count
			})...)
		}
	}
	all = append(all, group("invitations", func(_ *Result, f *Figures) *Invitations { return &f.Invitations })...)
	for _, limit := range Limits() {
		all = append(all, group("limits."+limit.String(), func(_ *Result, f *Figures) *LimitFigures {
			if found := f.Limits[limit.String()]; found != nil || commands(f, model.Send).Count == 0 {
				return found
			}
			return new(LimitFigures)
		})...)
	}
	all = append(all, group("pending", func(_ *Result, f *Figures) *PendingFigures { return f.Pending })...)
	all = append(all, group("quota", func(_ *Result, f *Figures) *QuotaFigures { return f.Quota })...)
	for _, answer := range []model.Verb{model.Accept, model.Ignore, model.Withdraw} {
		all = append(all, responseFigures(answer)...)
	}
	return all
}

// commands returns the figures of a verb; those of one that was never given are 0.
func commands(f *Figures, verb model.Verb) *CommandFigures {
	if found := f.Commands[verb.String()]; found != nil {
		return found
	}
	return new(CommandFigures)
}

// commandFigures are the figures of a verb. Shares and counts of its outcomes have a sample where there were commands.
func commandFigures(verb model.Verb) []figure {
	path := "commands." + verb.String()
	all := group(path, func(_ *Result, f *Figures) *CommandFigures { return commands(f, verb) })
	for _, outcome := range outcomesOf(verb) {
		all = append(all, group(path+".outcomes."+outcome.String(), func(_ *Result, f *Figures) *OutcomeShare {
			of := commands(f, verb)
			if found := of.Outcomes[outcome.String()]; found != nil || of.Count == 0 {
				return found
			}
			return new(OutcomeShare)
		})...)
	}
	return all
}

// responseFigures are how long people took to answer. How many did is known even if nobody did.
func responseFigures(answer model.Verb) []figure {
	path := "response." + answer.String()
	all := group(path, func(_ *Result, f *Figures) *ResponseFigures {
		if found := f.Response[answer.String()]; found != nil && found.Count > 0 {
			return found
		}
		return nil
	})
	all[0].read = func(_ *Result, f *Figures) (float64, bool) {
		if found := f.Response[answer.String()]; found != nil {
			return float64(found.Count), true
		}
		return 0, true
	}
	return all
}

// outcomesOf returns the outcomes that a command can have: its own, then those that every command can have.
func outcomesOf(verb model.Verb) []model.Outcome {
	common := []model.Outcome{model.Invalid, model.AccountClosed, model.Overloaded}
	switch verb {
	case model.Send:
		own := []model.Outcome{model.WasSent, model.WasConnected, model.KeyReused}
		for outcome := model.Unavailable; outcome <= model.NoteQuota; outcome++ {
			own = append(own, outcome)
		}
		return append(own, common...)
	case model.Withdraw:
		return append([]model.Outcome{model.WasWithdrawn, model.AlreadyAccepted, model.AlreadyWithdrawn, model.NotFound}, common...)
	case model.Accept:
		return append([]model.Outcome{
			model.WasConnected, model.WasAccepted, model.AlreadyConnected, model.Full, model.PeerFull,
			model.NotAvailable,
		}, common...)
	case model.Ignore:
		return append([]model.Outcome{model.WasIgnored, model.AlreadyConnected, model.NotAvailable}, common...)
	case model.Report:
		return append([]model.Outcome{model.WasReported, model.AlreadyConnected, model.NotAvailable}, common...)
	case model.Block:
		return append([]model.Outcome{model.WasBlocked, model.AlreadyBlocked, model.TooSoon}, common...)
	case model.Unblock:
		return append([]model.Outcome{model.WasUnblocked, model.NotBlocked, model.Irreversible}, common...)
	case model.Remove:
		return append([]model.Outcome{model.WasRemoved, model.NotConnected}, common...)
	case model.SetInbound:
		return append([]model.Outcome{model.WasSet}, common...)
	case model.Close:
		return append([]model.Outcome{model.WasClosed}, common...)
	case model.Reopen:
		return append([]model.Outcome{model.WasReopened}, common...)
	}
	return nil
}
