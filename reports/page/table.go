package page

import (
	"math"
	"strconv"
	"strings"
	"time"

	"invitesim/reports/chart"
	"invitesim/reports/figure"
)

// table is what a chart shows, as text. The first cell of a row names it.
type table struct {
	Caption string
	Head    []string
	Rows    [][]string
}

// mostRows is how many rows a table of a time series has at most.
const mostRows = 60

// stepsTogether is how many steps of the series share a row of a table.
func (p *page) stepsTogether() int {
	n, step := len(p.Series.Rows), float64(max(p.Series.StepS, 1))
	if n <= mostRows {
		return 1
	}
	for _, length := range chart.Lengths() {
		if group := int(length / step); group > 0 && float64(group)*step == length && (n+group-1)/group <= mostRows {
			return group
		}
	}
	return groupOf(n, mostRows)
}

// since writes an instant of the run, given in seconds since its start, as date and, where it is not midnight, time.
func (p *page) since(seconds float64) string {
	t := p.start.Add(time.Duration(seconds * float64(time.Second)))
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02 15:04")
}

// countTable adds up columns of counts over the rows of a time table.
func (p *page) countTable(names []string, columns [][]float64) table {
	together := p.stepsTogether()
	length := float64(together) * float64(p.Series.StepS)
	t := table{Caption: "Counts in steps of " + figure.Span(int64(length)) + ", UTC", Head: append([]string{"from"}, names...)}
	for i := range columns {
		columns[i] = sums(columns[i], together)
	}
	for row := range groups(len(p.Series.Rows), together) {
		cells := []string{p.since(float64(row) * length)}
		for _, column := range columns {
			cells = append(cells, figure.Number(column[row]))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func groups(values, together int) int { return (values + together - 1) / together }

// stateTable shows states at the ends of the rows of a time table.
func (p *page) stateTable(names []string, columns [][]float64, write func(float64) string) table {
	together := p.stepsTogether()
	length := float64(together) * float64(p.Series.StepS)
	t := table{Caption: "At the ends of steps of " + figure.Span(int64(length)) + ", UTC", Head: append([]string{"at"}, names...)}
	for row := range groups(len(p.Series.Rows), together) {
		last := min((row+1)*together, len(p.Series.Rows)) - 1
		cells := []string{p.since(min(float64(last+1)*float64(p.Series.StepS), float64(p.DurationS)))}
		for _, column := range columns {
			text := ""
			if last < len(column) {
				text = write(column[last])
			}
			cells = append(cells, text)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func (p *page) outcomesTable() table {
	counts := p.sendCounts()
	var names []string
	var columns [][]float64
	for _, word := range chart.SendOutcomes() {
		if total(counts[word]) > 0 {
			names, columns = append(names, p.sendNames[word]), append(columns, counts[word])
		}
	}
	return p.countTable(names, columns)
}

func (p *page) rateLimitTable() table {
	return p.countTable([]string{"hits of the weekly limit"}, [][]float64{p.Series.Column("send.rate_limited")})
}

func (p *page) outstandingTable() table {
	names := []string{"p5", "p25", "p50", "p75", "p95", "p99", "max"}
	columns := make([][]float64, len(names))
	for i, name := range names {
		columns[i] = p.Series.Column("outstanding." + name)
	}
	return p.stateTable(names, columns, figure.Number)
}

func (p *page) atCapTable() table {
	var names []string
	var columns [][]float64
	for _, name := range p.populations {
		if _, y := points(p.Distributions["at_cap."+name]); len(y) > 0 {
			names, columns = append(names, name), append(columns, y)
		}
	}
	return p.stateTable(names, columns, figure.Share)
}

// levels are the shares at which tables show cumulative curves.
func levels() []float64 { return []float64{0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1} }

// levelTable shows where each curve reaches the levels.
func levelTable(caption, first string, names []string, prefix string, p *page, write func(float64) string) table {
	t := table{Caption: caption, Head: []string{first}}
	for _, level := range levels() {
		t.Head = append(t.Head, strconv.Itoa(int(math.Round(100*level)))+" %")
	}
	for _, name := range names {
		x, y := points(p.Distributions[prefix+name])
		if len(x) == 0 {
			continue
		}
		cells := []string{name}
		for _, level := range levels() {
			text := "more than " + write(x[len(x)-1])
			for i := range y {
				if y[i] >= level-1e-9 {
					text = write(x[i])
					break
				}
			}
			cells = append(cells, text)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func (p *page) quotaTable() table {
	return levelTable("Sends that so many of the "+chart.MemberPeriods(p.Result)+" use at most", "population", p.populations, "quota.", p, figure.Number)
}

func (p *page) answersTable() table {
	caption := "Time from the send within which so many of those answers came"
	if age := chart.AnswersWatched(p.Result); age > 0 {
		caption = "Time from the send within which so many of the answers within " + figure.Duration(age) + " came, " + chart.AnswersNote(p.Result)
	}
	return levelTable(caption, "answer", chart.AnswerVerbs(), "answers.", p, figure.Duration)
}

func (p *page) fatesTable() table {
	cohorts := chart.CohortsOf(p.Result)
	t := table{Caption: "Invitations by " + figure.Plural(uint64(cohorts.Weeks), "week") + " of sending", Head: []string{"from"}}
	for _, word := range chart.Fates() {
		t.Head = append(t.Head, chart.FateName(word))
	}
	for row := range cohorts.Totals {
		cells := []string{p.since(float64(row*cohorts.Weeks) * week)}
		if row >= cohorts.Recent {
			cells[0] += " (" + chart.TooRecent + ")"
		}
		for _, word := range chart.Fates() {
			count := 0.0
			if counts := cohorts.Counts[word]; counts != nil {
				count = counts[row]
			}
			cells = append(cells, figure.Number(count))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// words writes a word of the model for people.
func words(word string) string { return strings.ReplaceAll(word, "_", " ") }
