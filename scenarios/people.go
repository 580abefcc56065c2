package scenarios

import (
	"fmt"
	"math"
	"regexp"
	"slices"

	"invitesim/model"
	"invitesim/sim"
)

const (
	// maxMembers is how many members a simulator can hold: it numbers them with 28 bits.
	maxMembers = 1<<28 - 1
	// maxPopulations keeps charts and tables by population readable, and the reading of scenarios quick.
	maxPopulations = 64
	// mostAgain bounds what an earlier request does to the share of acceptances.
	mostAgain = 1000

	// maxPopulationName is how many characters a name can have beside the figures of a table, or the bars of a chart.
	maxPopulationName     = 24
	patternPopulationName = `^[A-Za-z0-9][A-Za-z0-9_-]{0,23}$`

	expectChoose  = "uniform, zipf(s) or circle(n), such as zipf(0.8)"
	expectRefused = "give_up, wait or retry(delay, times), such as retry(1d, 5)"
)

var populationName = regexp.MustCompile(patternPopulationName)

// members reads all populations: first who there is, then what they do, as populations name each other.
func (d *decoder) members(n *node) []sim.Population {
	if n == nil {
		return nil
	}
	if n.kind != mapping || len(n.children) == 0 {
		d.wrong(n, "populations by name, such as {casual: {count: 1000}}")
		return nil
	}
	if len(n.children) > maxPopulations {
		d.contrary(n, fmt.Sprintf("found %d populations", len(n.children)), fmt.Sprintf("at most %d", maxPopulations))
		return nil
	}
	d.people = n
	var total uint64
	for _, child := range n.children {
		p := sim.Population{Name: child.key, First: model.Member(total + 1)}
		if !populationName.MatchString(child.key) || child.key == "all" {
			expected := expectNameOf(child.key, maxPopulationName)
			if expected == expectName {
				expected = "a name of letters, digits, `-` and `_`, other than all"
			}
			d.report(child.keyAt, child.path(), "found the name "+quoted(child.key), expected)
		}
		if size := child.get("count"); size != nil {
			p.Count = d.populationCount(size, &total)
		}
		d.populations = append(d.populations, p)
	}
	for i, child := range n.children {
		d.behaviour(&d.populations[i], i, child)
	}
	return d.populations
}

// populationCount reads how many members a population has, and adds them to the total.
func (d *decoder) populationCount(n *node, total *uint64) uint32 {
	before := len(d.mistakes)
	size := d.count(n, 1, maxMembers)
	if len(d.mistakes) > before {
		return 0
	}
	if *total += size; *total > maxMembers {
		d.contrary(n, "found "+itoa(*total)+" members up to here", "at most "+itoa(maxMembers)+" in all populations together")
		*total = 0
	}
	return uint32(size)
}

func (d *decoder) behaviour(p *sim.Population, index int, n *node) {
	f := d.mapping(n, populationShape())
	p.Zone = d.zone(f.get("zone"))
	p.Start = d.startWith(f.get("start_with"))
	p.Send = d.send(f.get("send"), index)
	p.Respond = d.respond(f.get("respond"))
	p.Mistakes, p.Tidy = d.withdraw(f.get("withdraw"))
	p.Resend = d.afterShare(f.get("resend"))
	p.Remove = d.afterShare(f.get("remove"))
	p.Unblock = d.unblock(f.get("unblock"))
	p.Leave = d.leave(f.get("leave"))
	look := d.mapping(f.get("look"), lookShape())
	p.Look = sim.Looking{Received: d.rate(look.get("received")), Sent: d.rate(look.get("sent"))}
}

func (d *decoder) startWith(n *node) sim.StartWith {
	f := d.mapping(n, startShape())
	start := sim.StartWith{
		Connections: d.distribution(f.get("connections"), amount),
		AccountAge:  d.distribution(f.get("account_age"), duration),
		Inbound:     [3]float64{1, 0, 0},
	}
	if inbound := f.get("inbound"); inbound != nil {
		start.Inbound = [3]float64(d.shares(inbound, inboundShape()))
	}
	return start
}

func (d *decoder) send(n *node, index int) *sim.Sending {
	if n == nil {
		return nil
	}
	f := d.mapping(n, sendShape())
	s := &sim.Sending{
		Rate:        d.rate(f.get("rate")),
		Spread:      d.distribution(f.get("spread"), amount),
		Sittings:    d.sittings(f.get("sittings")),
		Pattern:     d.pattern(f.get("pattern")),
		To:          d.targets(f.get("to")),
		Choose:      d.choose(f.get("choose")),
		Note:        d.share(f.get("note")),
		Email:       d.share(f.get("email")),
		Kinds:       [3]float64{1, 0, 0},
		WhenRefused: d.whenRefused(f.get("when_refused")),
	}
	if kinds := f.get("kinds"); kinds != nil {
		s.Kinds = [3]float64(d.shares(kinds, kindsShape()))
	}
	if f.n == nil {
		return s
	}
	d.timing(f)
	if f.get("to") == nil {
		s.To = d.defaultTargets(n, index)
	}
	d.circleFits(f.get("choose"), s)
	return s
}

// timing reports a send without a rate and without sittings, or with both.
func (d *decoder) timing(f fields) {
	rate, sittings := f.n.get("rate"), f.n.get("sittings")
	switch {
	case rate != nil && sittings != nil:
		d.report(sittings.keyAt, f.n.path(), "found both rate and sittings", "one of them")
	case rate == nil && sittings == nil && !d.incomplete:
		d.report(f.n.keyAt, f.n.path(), "found neither rate nor sittings", "one of them, such as rate: 2/week")
	case sittings != nil && f.n.get("spread") != nil:
		d.report(f.n.get("spread").keyAt, f.n.path(), "found a spread of sittings", "a spread with a rate only; a size may be a distribution")
	}
}

func (d *decoder) defaultTargets(n *node, index int) []sim.Target {
	if len(d.populations) > 1 {
		d.missing(n, field{name: "to", value: mapOf(nil, "shares of the populations, such as {"+d.populations[index].Name+": 100%}")})
	}
	return []sim.Target{{Population: index, Share: 1}}
}

func (d *decoder) targets(n *node) []sim.Target {
	if n == nil {
		return nil
	}
	if n.kind != mapping {
		d.wrong(n, "shares of the populations, such as {"+d.populations[0].Name+": 100%}")
		return nil
	}
	var all []sim.Target
	sum := 0.0
	before := len(d.mistakes)
	for _, child := range n.children {
		to, ok := d.population(child.key, child.keyAt, n.path())
		share := d.share(fields{d, n}.get(child.key))
		sum += share
		if ok && share > 0 {
			all = append(all, sim.Target{Population: to, Share: share})
		}
	}
	if len(d.mistakes) == before {
		d.whole(n, sum)
	}
	slices.SortFunc(all, func(a, b sim.Target) int { return a.Population - b.Population })
	return all
}

func (d *decoder) sittings(n *node) *sim.Sittings {
	if n == nil {
		return nil
	}
	f := d.mapping(n, sittingsShape())
	return &sim.Sittings{
		Every: d.positive(f.get("every")),
		At:    d.distribution(f.get("at"), duration),
		Size:  d.distribution(f.get("size"), amount),
		Gap:   d.distribution(f.get("gap"), duration),
	}
}

func (d *decoder) choose(n *node) sim.Choice {
	s, ok := d.text(n, expectChoose)
	if !ok || s == "uniform" {
		return sim.Choice{}
	}
	name, arguments, isCall := call(s)
	of := func(expected string, fine bool) bool {
		if !fine {
			d.insideCall(n, arguments[0], "", expected, "")
		}
		return fine
	}
	switch {
	case isCall && len(arguments) == 1 && name == "zipf":
		x, ok := parseNumber(arguments[0].text)
		if of("a number, 0 to 10", ok && x >= 0 && x <= 10) {
			return sim.Choice{Kind: sim.ChooseZipf, Exponent: x}
		}
	case isCall && len(arguments) == 1 && name == "circle":
		x, _ := parseNumber(arguments[0].text)
		if of(expectCount+", from 1 to "+itoa(maxMembers), isCount(arguments[0].text) && x >= 1 && x <= maxMembers) {
			return sim.Choice{Kind: sim.ChooseCircle, Circle: uint32(x)}
		}
	default:
		d.wrong(n, expectCall(s, []string{"zipf", "circle"}, expectChoose), meantCall(s, []string{"uniform", "zipf", "circle"}))
	}
	return sim.Choice{}
}

// circleFits reports a circle that is wider than a population to choose from.
func (d *decoder) circleFits(n *node, s *sim.Sending) {
	if n == nil || s.Choose.Kind != sim.ChooseCircle {
		return
	}
	for _, target := range s.To {
		if p := &d.populations[target.Population]; p.Count > 0 && s.Choose.Circle >= p.Count {
			d.wrong(n, fmt.Sprintf("a circle of fewer than the %s members of %s", itoa(uint64(p.Count)), p.Name))
			return
		}
	}
}

func (d *decoder) whenRefused(n *node) sim.WhenRefused {
	s, ok := d.text(n, expectRefused)
	if !ok || s == "give_up" {
		return sim.WhenRefused{Kind: sim.GiveUp}
	}
	if s == "wait" {
		return sim.WhenRefused{Kind: sim.Wait}
	}
	name, arguments, isCall := call(s)
	if !isCall || name != "retry" || len(arguments) != 2 {
		d.wrong(n, expectCall(s, []string{"retry"}, expectRefused), meantCall(s, []string{"give_up", "wait", "retry"}))
		return sim.WhenRefused{}
	}
	const least = "a duration of 1s or more"
	delay, err := model.ParseSeconds(arguments[0].text)
	if err != nil || delay == 0 || delay >= model.Forever {
		expected, meant := expectedFor(arguments[0].text, least)
		if err == nil && delay == 0 {
			expected = least
		}
		d.insideCall(n, arguments[0], "", expected, meant)
	}
	times, _ := parseNumber(arguments[1].text)
	if !isCount(arguments[1].text) || times < 1 || times > 1000 {
		d.insideCall(n, arguments[1], "", expectCount+", from 1 to 1_000 times", meantCount(arguments[1].text))
	}
	return sim.WhenRefused{Kind: sim.Retry, Delay: delay, Times: uint32(times)}
}

func (d *decoder) respond(n *node) *sim.Responding {
	if n == nil {
		return nil
	}
	f := d.mapping(n, respondShape())
	r := &sim.Responding{
		Delay: d.distribution(f.get("delay"), duration), Answers: d.answers(f), Again: 1,
		Reconsider: d.afterShare(f.get("reconsider")), ReportAgain: d.afterShare(f.get("report_again")),
	}
	if again := f.get("again"); again != nil {
		r.Again = d.number(again, 0, mostAgain)
	}
	d.answersFit(n, r.Answers, r.Again)
	from := f.get("from")
	if from == nil {
		return r
	}
	if from.kind != mapping {
		d.wrong(from, "answers by population, such as {recruiter: {accept: 30%}}")
		return r
	}
	r.From = map[int]sim.Answers{}
	for _, child := range from.children {
		population, ok := d.population(child.key, child.keyAt, from.path())
		if child.kind == nothing {
			d.wrong(child, "answers such as {accept: 30%}")
			continue
		}
		answers := d.answers(d.mapping(child, answersShape()))
		d.answersFit(child, answers, r.Again)
		if ok {
			r.From[population] = answers
		}
	}
	return r
}

func (d *decoder) answers(f fields) sim.Answers {
	return sim.Answers{
		Accept: d.share(f.get("accept")), Ignore: d.share(f.get("ignore")),
		Report: d.share(f.get("report")), Block: d.share(f.get("block")),
	}
}

// answersFit reports answers to more than all invitations.
func (d *decoder) answersFit(n *node, a sim.Answers, again float64) {
	rest := a.Ignore + a.Report + a.Block
	if sum := a.Accept + rest; sum > wholeShare {
		d.contrary(n, "found answers that add up to "+percent(sum), "at most 100%")
	} else if sum := float64(a.Accept*again) + rest; sum > wholeShare {
		d.contrary(n, "found answers that add up to "+percent(sum)+" with accept times again", "at most 100%")
	}
}

func (d *decoder) withdraw(n *node) (*sim.Mistakes, *sim.Tidying) {
	f := d.mapping(n, withdrawShape())
	var mistakes *sim.Mistakes
	if after := d.afterShare(f.get("mistakes")); after != nil {
		mistakes = &sim.Mistakes{Share: after.Share, After: after.After}
	}
	return mistakes, d.tidy(f.get("tidy"))
}

func (d *decoder) tidy(n *node) *sim.Tidying {
	if n == nil {
		return nil
	}
	f := d.mapping(n, tidyShape())
	t := &sim.Tidying{OlderThan: 14 * model.Day, AtMost: 20, Gap: 30}
	t.Every = d.positive(f.get("every"))
	t.WhenCapped = d.word(f.get("when_capped"), "false", "true") == 1
	if given := f.get("older_than"); given != nil {
		t.OlderThan = d.seconds(given)
	}
	if given := f.get("at_most"); given != nil {
		t.AtMost = uint32(d.count(given, 0, math.MaxUint32))
	}
	if given := f.get("gap"); given != nil {
		t.Gap = d.seconds(given)
	}
	if f.n != nil && f.n.get("every") == nil && !t.WhenCapped && !d.incomplete {
		d.report(n.keyAt, n.path(), "found neither every nor when_capped: true", "one of them, such as every: 30d")
	}
	return t
}

func (d *decoder) afterShare(n *node) *sim.AfterShare {
	if n == nil {
		return nil
	}
	f := d.mapping(n, afterShape(""))
	after := d.shareAfter(f)
	return &after
}

// shareAfter reads the keys that all have who do something after a while: who does, and when.
func (d *decoder) shareAfter(f fields) sim.AfterShare {
	return sim.AfterShare{Share: d.share(f.get("share")), After: d.distribution(f.get("after"), duration)}
}

func (d *decoder) unblock(n *node) *sim.Unblocking {
	if n == nil {
		return nil
	}
	f := d.mapping(n, unblockShape())
	return &sim.Unblocking{AfterShare: d.shareAfter(f), Again: d.afterShare(f.get("again"))}
}

func (d *decoder) leave(n *node) *sim.Leaving {
	if n == nil {
		return nil
	}
	f := d.mapping(n, leaveShape())
	return &sim.Leaving{AfterShare: d.shareAfter(f), Back: d.afterShare(f.get("back"))}
}
