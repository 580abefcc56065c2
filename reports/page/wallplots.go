package page

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"invitesim/reports/chart"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// none stands for no value among latencies, which are all above it.
const none = -1

// placed puts the points of a curve among places, of which its own are some: none at the others.
func placed(x, y, places []float64) []float64 {
	values := make([]float64, len(places))
	for i := range values {
		values[i] = none
	}
	for i := range x {
		if at, found := slices.BinarySearch(places, x[i]); found {
			values[at] = y[i]
		}
	}
	return values
}

// curveNames returns what follows the prefix in the names of the distributions that begin with it, sorted.
func (p *page) curveNames(prefix string) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(p.Distributions)) {
		if rest, ok := strings.CutPrefix(name, prefix); ok && len(p.Distributions[name].X) > 0 {
			names = append(names, rest)
		}
	}
	return names
}

// percentiles are the marks of an axis that gives the rarest ones as much room as the others: x is 1/(1−p).
func percentiles(most float64) []tick {
	marks := []tick{{2, "50 %"}}
	label := "9"
	for x := 10.0; x <= most*1.001; x *= 10 {
		switch {
		case x == 10:
			marks = append(marks, tick{x, "90 %"})
			continue
		case x == 100:
			marks = append(marks, tick{x, "99 %"})
			label = "99."
			continue
		}
		label += "9"
		marks = append(marks, tick{x, label + " %"})
	}
	return marks
}

// verbLine returns the line of a verb, without values.
func (p *page) verbLine(verb string, place int) line {
	look := chart.CommandLook(verb, place)
	l := line{Key: "command " + verb, Name: chart.CommandName(verb), Paint: paintOf(look.Color), Dash: look.Dash, Width: 2.5}
	if figures := p.Latency[verb]; figures != nil && figures.P50NS != nil {
		l.Note = "p50 " + figure.Latency(float64(*figures.P50NS))
		if figures.P99NS != nil {
			l.Note += ", p99 " + figure.Latency(float64(*figures.P99NS))
		}
	}
	return l
}

func (p *page) latency() *plot {
	const prefix = "latency_spectrum."
	drawn := &plot{Kind: "lines", Y: yAxis{Kind: "nanoseconds", Title: "time of a command (logarithmic)"}}
	shown, hidden := chart.Commands(p.Result)
	names := append(shown, hidden...)
	hiccupsX, hiccupsY := points(p.Distributions["hiccup_spectrum"])
	curves := [][]float64{hiccupsX}
	for _, name := range names {
		curves = append(curves, p.Distributions[prefix+name].X)
	}
	places := union(curves...)
	if len(places) == 0 {
		places = []float64{1}
	}
	at := pack(places)
	most := max(places[len(places)-1], 10)
	drawn.X = xAxis{Kind: "beyond", Title: "percentile (each further nine as wide)", From: 1, To: most, At: &at, Marks: percentiles(most)}
	for i, name := range names {
		x, y := points(p.Distributions[prefix+name])
		added := p.verbLine(name, i)
		added.Values = pack(placed(x, y, places))
		added.Off = i >= len(names)-len(hidden)
		drawn.Series = append(drawn.Series, added)
	}
	if len(hiccupsX) > 0 {
		drawn.Series = append(drawn.Series, line{
			Key: "hiccups", Name: "hiccups of the machine", Paint: "grey", Width: 2, Values: pack(placed(hiccupsX, hiccupsY, places)),
		})
	}
	for _, o := range chart.Objectives(p.Result) {
		drawn.Limits = append(drawn.Limits, limit{At: o.Limit, Label: o.Label})
	}
	return drawn
}

// clockPlot is a plot over the wall clock, of the curves that the prefix begins.
func (p *page) clockPlot(prefix string, y yAxis, lines []line) *plot {
	drawn := &plot{Kind: "lines", Y: y}
	var curves [][]float64
	for i := range lines {
		curves = append(curves, p.Distributions[prefix+lines[i].Key].X)
	}
	places := union(curves...)
	if len(places) == 0 {
		places = []float64{0}
	}
	at, end := pack(places), places[len(places)-1]
	if ends := p.Distributions["load.achieved"].X; len(ends) > 0 {
		end = max(end, ends[len(ends)-1]) // also where lines end before the run does
	}
	drawn.X = xAxis{Kind: "clock", Title: "seconds of the wall clock since the start", To: end, At: &at}
	for _, added := range lines {
		x, values := points(p.Distributions[prefix+added.Key])
		if len(x) == 0 {
			continue
		}
		if y.Kind == "nanoseconds" {
			added.Values = pack(placed(x, values, places))
		} else {
			added.Values = pack(valuesAt(x, values, places))
		}
		added.Key = prefix + added.Key
		drawn.Series = append(drawn.Series, added)
	}
	p.addMarks(drawn)
	return drawn
}

// addMarks adds what happened meanwhile. Its kinds have buttons like the series.
func (p *page) addMarks(drawn *plot) {
	lanes := slices.DeleteFunc(chart.AllLanes(), func(l chart.Lane) bool {
		return !slices.ContainsFunc(p.Marks, func(m sim.Mark) bool { return m.What == l.What })
	})
	if len(lanes) > 0 {
		drawn.legend = slices.Clone(drawn.Series)
	}
	for place, lane := range lanes {
		key := "mark " + lane.What
		count := 0
		for _, m := range p.Marks {
			if m.What == lane.What {
				count++
				drawn.Marks = append(drawn.Marks, mark{From: m.AtS, To: m.AtS + m.ForS, Key: key, Paint: "m-" + lane.What, Lane: place, Fault: lane.Fault})
			}
		}
		drawn.legend = append(drawn.legend, line{Key: key, Name: lane.Name, Note: figure.Count(uint64(count)), Paint: "m-" + lane.What, Hatch: "plain"})
	}
}

func (p *page) latencyTime() *plot {
	blue := outcomePaint("sent")
	drawn := p.clockPlot("latency_time.", yAxis{Kind: "nanoseconds", Title: "time of a command (logarithmic)"}, []line{
		{Key: "p999", Name: "p99.9", Paint: blue, Width: 1.5, Dash: []float64{2.5, 3}},
		{Key: "p99", Name: "p99", Paint: blue, Width: 2, Dash: []float64{9, 4}},
		{Key: "p50", Name: "p50", Paint: blue, Width: 2.5},
	})
	if from, ok := chart.NeverStarted(p.Result); ok {
		drawn.Limits = append(drawn.Limits, limit{At: from, Label: "what was due from here on was never started", Upright: true})
	}
	return drawn
}

func (p *page) load() *plot {
	lines := []line{
		{Key: "offered", Name: "offered", Paint: "ink", Width: 1.5, Dash: []float64{2.5, 3}},
		{Key: "achieved", Name: "achieved", Paint: outcomePaint("sent"), Width: 2.5},
		{Key: "late", Name: "late", Paint: outcomePaint("pending_capped"), Width: 2, Dash: []float64{9, 4}},
		{Key: "dropped", Name: "dropped", Paint: outcomePaint("overloaded"), Width: 2},
	}
	if p.Load.Closed() {
		lines = lines[1:2]
		lines[0].Name = "answered"
	}
	return p.clockPlot("load.", yAxis{Kind: "count", Title: "commands and queries per second"}, lines)
}

// whisker is a row of the chart of latency by outcome: places are percent of its width, as text.
type whisker struct {
	Key, Name, Paint   string
	Middle, End, Width string
	Text               string
}

// whiskers returns how long commands took by what came of them, on a logarithmic axis with its marks.
func (p *page) whiskers() (rows []whisker, marks []barPart) {
	const prefix = "latency_outcome."
	low, high := math.Inf(1), math.Inf(-1)
	for _, name := range p.curveNames(prefix) {
		for _, ns := range p.Distributions[prefix+name].Y {
			low, high = min(low, ns), max(high, ns)
		}
	}
	low = math.Floor(math.Log10(max(low, 1)))
	high = max(math.Ceil(math.Log10(max(high, 1))), low+1)
	place := func(ns float64) float64 { return 0.1 + float64(0.8*(math.Log10(max(ns, 1))-low)/(high-low)) }
	for _, name := range p.curveNames(prefix) {
		_, y := points(p.Distributions[prefix+name])
		end := y[len(y)-1]
		row := whisker{
			Key: outcomeKey(name), Name: words(name), Paint: outcomePaint(name),
			Middle: percent(place(y[0])), End: percent(place(end)), Width: percent(max(place(end)-place(y[0]), 0)), Text: "p50 " + figure.Latency(y[0]),
		}
		if len(y) > 1 {
			row.Text += ", p99 " + figure.Latency(end)
		}
		rows = append(rows, row)
	}
	for power := low; len(rows) > 0 && power <= high; power++ {
		ns := math.Pow(10, power)
		marks = append(marks, barPart{Middle: percent(place(ns)), Share: figure.Latency(ns)})
	}
	return rows, marks
}

func (p *page) latencyTable() table {
	t := table{
		Caption: "From the planned instant to the answer; service: from the actual start",
		Head:    []string{"command", "count", "p50", "p90", "p99", "p99.9", "most", "service p50", "service p99"},
	}
	if p.Load.Closed() {
		t.Caption = "Service times, from the start to the answer: in a closed loop no instant is planned"
	}
	written := func(ns *int64) string {
		if ns == nil {
			return "–"
		}
		return figure.Latency(float64(*ns))
	}
	for _, verb := range slices.Sorted(maps.Keys(p.Latency)) {
		l, s := p.Latency[verb], p.Service[verb]
		if l == nil {
			continue
		}
		if s == nil {
			s = &sim.LatencyFigures{}
		}
		t.Rows = append(t.Rows, []string{
			chart.CommandName(verb), figure.Count(l.Count), written(l.P50NS), written(l.P90NS), written(l.P99NS), written(l.P999NS),
			figure.Latency(float64(l.MaxNS)), written(s.P50NS), written(s.P99NS),
		})
	}
	return t
}

// clockTable shows curves over the wall clock, the greatest value of each of at most mostRows stretches.
func (p *page) clockTable(prefix string, names []string, write func(float64) string) table {
	t := table{Caption: "The greatest value of each stretch that ends so many seconds after the start", Head: append([]string{"until, s"}, names...)}
	var curves [][]float64
	for _, name := range names {
		curves = append(curves, p.Distributions[prefix+name].X)
	}
	places := union(curves...)
	together := groupOf(len(places), mostRows)
	for from := 0; from < len(places); from += together {
		until := min(from+together, len(places))
		cells := []string{strconv.FormatFloat(places[until-1], 'f', -1, 64)}
		for _, name := range names {
			x, y := points(p.Distributions[prefix+name])
			text := "–"
			if values := placed(x, y, places)[from:until]; slices.Max(values) > none {
				text = write(slices.Max(values))
			}
			cells = append(cells, text)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func (p *page) latencyTimeTable() table {
	return p.clockTable("latency_time.", []string{"p50", "p99", "p999"}, figure.Latency)
}

func (p *page) loadTable() table {
	names := []string{"offered", "achieved", "late", "dropped"}
	if p.Load.Closed() {
		names = names[1:2]
	}
	return p.clockTable("load.", names, figure.Number)
}

func (p *page) latencyOutcomeTable() table {
	t := table{Caption: "From the actual start of a command to its answer", Head: []string{"outcome", "p50", "p99"}}
	for _, name := range p.curveNames("latency_outcome.") {
		cells := []string{words(name), "–", "–"}
		x, y := points(p.Distributions["latency_outcome."+name])
		for i := range x {
			cells[min(i+1, 2)] = figure.Latency(y[i])
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}
