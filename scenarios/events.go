package scenarios

import (
	"cmp"
	"slices"
	"strings"

	"invitesim/model"
	"invitesim/sim"
)

// rateNames are the rates that an event can scale, by sim.Rate.
func rateNames() []string { return []string{"send.rate", "look.received", "look.sent"} }

// maxFactor bounds what an event can do to a rate.
const maxFactor = 1e6

// planned is an event before its policy is known: that depends on the events before it in time.
type planned struct {
	event sim.Event
	node  *node
}

func (d *decoder) events(n *node, p *sim.Plan) []sim.Event {
	var all []planned
	for _, item := range d.items(n, "a list of events") {
		all = append(all, planned{d.event(item, p), item})
	}
	slices.SortStableFunc(all, func(a, b planned) int { return cmp.Compare(a.event.At, b.event.At) })
	inForce := p.Policy
	var events []sim.Event
	for _, one := range all {
		if change := one.node.get("change_policy"); change != nil && change.kind != nothing {
			policy := d.policy(change, inForce)
			inForce, one.event.Policy = policy, &policy
		}
		events = append(events, one.event)
	}
	return events
}

func (d *decoder) event(n *node, p *sim.Plan) sim.Event {
	f := d.mapping(n, eventShape())
	at := f.get("at")
	e := sim.Event{At: model.Instant(d.seconds(at))}
	if at != nil && p.Duration > 0 && e.At >= model.Instant(p.Duration) {
		d.wrong(at, "an instant before the end of the run, "+cmp.Or(d.lasts, p.Duration.String()))
	}
	change, scale := f.get("change_policy"), f.get("factor")
	switch {
	case f.n == nil:
	case change != nil && scale != nil:
		d.report(scale.keyAt, n.path(), "found both factor and change_policy", "two events, one for each")
	case change != nil:
		for _, key := range []string{"for", "of", "members"} {
			if other := f.get(key); other != nil {
				d.report(other.keyAt, n.path(), "found "+quoted(key)+" with change_policy", "a change of policy that holds for everybody, until the next one")
			}
		}
	case scale != nil:
		d.scale(f, &e)
	default:
		d.missing(n, field{name: "factor", value: &shape{expect: "factor or change_policy"}})
	}
	return e
}

// scale reads an event that scales a rate.
func (d *decoder) scale(f fields, e *sim.Event) {
	e.Factor = d.number(f.get("factor"), 0, maxFactor)
	for _, key := range []string{"for", "of"} {
		if f.n.get(key) == nil {
			d.missing(f.n, *eventShape().field(key))
		}
	}
	e.For = d.positive(f.get("for"))
	e.Of = sim.Rate(max(0, d.word(f.get("of"), rateNames()...)))
	e.Where = d.where(f.get("members"))
	if of := f.get("of"); of != nil && of.kind == text && slices.Contains(rateNames(), of.text) {
		d.scalesSomebody(f, of, e.Where)
	}
}

// scalesSomebody reports an event that does nothing: on a rate that no population has, or that one which is named does not have.
func (d *decoder) scalesSomebody(f fields, of *node, where []int) {
	named := f.get("members")
	everybody := named == nil || named.text == "all"
	var without []string
	for _, i := range where {
		n := d.people.get(d.populations[i].Name)
		for _, key := range strings.Split(of.text, ".") {
			n = n.get(key)
		}
		if n == nil {
			without = append(without, d.populations[i].Name)
		}
	}
	if len(without) == 0 || everybody && len(without) < len(where) {
		return
	}
	d.contrary(of, "found "+quoted(of.text)+", which is no rate of "+oneOf(without), "a rate that is given, such as members."+without[0]+"."+of.text+"; sittings have none")
}

// where reads which populations an event touches.
func (d *decoder) where(n *node) []int {
	var all []int
	if n == nil || (n.kind == text && n.text == "all") {
		for i := range d.populations {
			all = append(all, i)
		}
		return all
	}
	names := []*node{n}
	if n.kind == list {
		names = n.children
	}
	for _, name := range names {
		given, ok := d.text(name, "a population")
		if !ok {
			continue
		}
		if i, ok := d.population(given, name.at, name.path()); ok && !slices.Contains(all, i) {
			all = append(all, i)
		}
	}
	if len(names) == 0 {
		d.wrong(n, "a population, a list of them, or all")
	}
	slices.Sort(all)
	return all
}
