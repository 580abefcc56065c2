package chart

import (
	"cmp"
	"fmt"
	"strings"

	"invitesim/reports/figure"
	"invitesim/sim"
)

// Chart is one question and its answer as a picture.
type Chart struct {
	// Name is the name of its file, without an ending.
	Name string
	// Title is the question that it answers.
	Title string
	// Subtitle says what ran: scenario, policy, members, span, seed, replicas.
	Subtitle string
	// Replicas says what is drawn of several replicas: means, or the first one; empty where there is one.
	Replicas string
	// Sentence is what the chart shows, in words; empty where it is not drawn.
	Sentence string
	// Why says why it is not drawn; empty where it is.
	Why string

	width, height float64
	draw          func(*surface)
}

// sheet is what one kind of chart makes of a result: either why or the others.
type sheet struct {
	why      string
	title    string // in place of the usual question; empty for that
	sentence string
	extra    float64 // height beyond the ordinary, in pixels
	replicas string  // what is drawn of several replicas; empty for the first of them
	draw     func(*surface)
}

// The size of a chart in pixels, and how much higher it is for each further panel.
const (
	chartWidth  = 960
	chartHeight = 540
	panelHeight = 200
)

// Drawn is what Assess says of a chart that is drawn.
const Drawn = "drawn"

// All returns every chart of the result, in the order in which reports show them; those that would show nothing say why.
func All(result *sim.Result) []Chart {
	v := newView(result)
	var charts []Chart
	for _, kind := range []struct {
		name, title string
		make        func(*view) sheet
	}{
		{"outcomes", "What came of the attempts to send, week by week?", outcomes},
		{"rate-limit", "When do people hit the weekly limit?", rateLimit},
		{"outstanding", "How far are senders from the pending cap?", outstanding},
		{"at-cap", "How many members are stuck at the cap?", atCap},
		{"quota", "How much of the weekly quota do people use?", quota},
		{"fates", "What became of the invitations of each week?", fates},
		{"answers", "How long do people take?", answers},
		{"populations", "Who succeeds, who is refused?", populations},
		{"latency", "How long does a command take?", latency},
		{"latency-time", "Does it stay that way?", latencyTime},
		{"load", "Did we offer what we planned?", load},
		{"latency-outcome", "Are refusals cheaper?", latencyOutcome},
	} {
		s := kind.make(v)
		s.replicas = cmp.Or(s.replicas, FirstReplica(result))
		charts = append(charts, Chart{
			Name: kind.name, Title: cmp.Or(s.title, kind.title), Subtitle: subtitle(v, s.replicas), Replicas: s.replicas, Sentence: s.sentence, Why: s.why,
			width: chartWidth, height: chartHeight + s.extra, draw: s.draw,
		})
	}
	return charts
}

// Assess returns for the name of each chart Drawn, or why it is not drawn.
func Assess(result *sim.Result) map[string]string {
	verdicts := map[string]string{}
	for _, c := range All(result) {
		verdicts[c.Name] = Drawn
		if c.Why != "" {
			verdicts[c.Name] = c.Why
		}
	}
	return verdicts
}

// subtitle says what ran, in one line, and what is drawn of replicas. Where there is no room for all of it, it leaves out that there is one replica,
// then what the policy changes, and then the end of the scenario's name.
func subtitle(v *view, replicas string) string {
	look := lettering{size: labelSize}
	room := chartWidth - 2*pageMargin
	title, short := look.cut(PolicyTitle(&v.Policy), 280), look.cut(shortPolicyTitle(&v.Policy), 180)
	rest := ""
	for _, rest = range []string{ranWith(v, title, cmp.Or(replicas, "1 replica")), ranWith(v, title, replicas), ranWith(v, short, replicas)} {
		if look.measure(v.Scenario.Name+rest) <= room {
			break
		}
	}
	return look.cut(v.Scenario.Name, max(room-look.measure(rest), 60)) + rest
}

// seeds names the seed, or those of all replicas where all are drawn.
func (v *view) seeds(replicas string) string {
	if v.Replicas > 1 && strings.HasSuffix(replicas, v.overReplicas("")) {
		return figure.Seeds(v.Seed, v.Replicas)
	}
	return figure.Seeds(v.Seed, 1)
}

// FirstReplica says that figures are those of the first of several replicas; empty where there is one.
func FirstReplica(result *sim.Result) string {
	if result.Replicas > 1 {
		return fmt.Sprintf("the first of %d replicas", result.Replicas)
	}
	return ""
}

// ranWith says in a line what ran, beside the name of the scenario.
func ranWith(v *view, policy, replicas string) string {
	parts := []string{
		"", policy,
		figure.Plural(uint64(v.Members), "member"),
		v.length() + " from " + v.start.Format("2006-01-02"),
		v.seeds(replicas),
	}
	if v.Clock == "wall" {
		parts = append(parts, v.pace())
	}
	if replicas != "" {
		parts = append(parts, replicas)
	}
	if v.Interrupted {
		parts = append(parts, "interrupted")
	}
	if v.StoppedEarly() {
		parts = append(parts, "stopped early")
	}
	return strings.Join(parts, " · ")
}

// length says how long the run is, and where it ended early how much of that is drawn.
func (v *view) length() string {
	whole := figure.Span(v.DurationS)
	if v.span >= float64(v.DurationS) {
		return whole
	}
	return figure.Duration(v.span) + " of " + whole
}

// pace says how fast the people's time passed in a run by the wall clock.
func (v *view) pace() string {
	if v.Speed <= 0 {
		return "wall clock"
	}
	return "wall clock at " + figure.Number(v.Speed) + "×"
}

// pageMargin is left free on the left and on the right of everything.
const pageMargin = 24.0

// drawOn draws the background, the headings and the chart.
func (c *Chart) drawOn(s *surface) {
	s.fillBox(white(), box{0, 0, c.width, c.height})
	title := lettering{size: titleSize, color: ink(), bold: true}
	s.text(title, point{pageMargin, 36}, title.cut(c.Title, c.width-2*pageMargin))
	under := lettering{size: labelSize, color: greyInk()}
	s.text(under, point{pageMargin, 60}, under.cut(c.Subtitle, c.width-2*pageMargin))
	c.draw(s)
}

// inWords writes a word of the model for people.
func inWords(word string) string { return strings.ReplaceAll(word, "_", " ") }
