package chart

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"invitesim/reports/internal/sample"
	"invitesim/sim"
)

// recorder is a canvas that remembers where texts are and how many points lines and areas have.
type recorder struct {
	texts        []textBox
	line, area   int // points of the longest
	minX, maxX   float64
	minY, maxY   float64
	width, depth float64
}

type textBox struct {
	box
	text string
}

func (r *recorder) SetLineWidth(vg.Length)              {}
func (r *recorder) SetLineDash([]vg.Length, vg.Length)  {}
func (r *recorder) SetColor(color.Color)                {}
func (r *recorder) Rotate(float64)                      {}
func (r *recorder) Translate(vg.Point)                  {}
func (r *recorder) Scale(float64, float64)              {}
func (r *recorder) Push()                               {}
func (r *recorder) Pop()                                {}
func (r *recorder) DrawImage(vg.Rectangle, image.Image) {}
func (r *recorder) Stroke(path vg.Path)                 { r.line = max(r.line, r.longest(path)) }
func (r *recorder) Fill(path vg.Path)                   { r.area = max(r.area, r.longest(path)) }
func (r *recorder) see(p vg.Point) {
	r.minX, r.maxX = min(r.minX, float64(p.X)), max(r.maxX, float64(p.X))
	r.minY, r.maxY = min(r.minY, float64(p.Y)), max(r.maxY, float64(p.Y))
}

// longest returns how many points the longest piece of a path has.
func (r *recorder) longest(path vg.Path) int {
	most, run := 0, 0
	for _, piece := range path {
		if piece.Type == vg.CloseComp {
			continue
		}
		if piece.Type == vg.MoveComp {
			run = 0
		}
		run++
		most = max(most, run)
		r.see(piece.Pos)
	}
	return most
}

func (r *recorder) FillString(face font.Face, at vg.Point, text string) {
	size := float64(face.Font.Size)
	left, base := float64(at.X), r.depth-float64(at.Y)
	r.texts = append(r.texts, textBox{box{left, base - 0.72*size, left + float64(face.Width(text)), base + 0.2*size}, text})
}

// samples are results of many shapes: short and long, from any day of the week, with one population and with more than fit.
func samples() map[string]*sim.Result {
	all := map[string]*sim.Result{
		"half year":   sample.Result(sample.HalfYear()),
		"steady week": sample.Result(sample.SteadyWeek()),
	}
	for _, weeks := range []int{1, 2, 3, 4, 7, 13, 52, 104, 520} {
		o := sample.HalfYear()
		o.Weeks, o.WarmupWeeks, o.StepS = weeks, weeks/5, 86400
		if weeks <= 52 {
			o.StepS = 3600
		}
		o.Start = fmt.Sprintf("2026-02-%02dT%02d:30:00Z", 1+weeks%27, weeks%24)
		o.Populations = []string{"a", "b", "members of a population with a very long name", "d", "e", "f", "g", "h", "i", "j", "k"}[:1+weeks%11]
		o.Quiet = weeks == 3
		all[fmt.Sprintf("%d weeks", weeks)] = sample.Result(o)
	}
	short := sample.Result(sample.SteadyWeek())
	short.DurationS, short.Series.Rows = 30*3600, short.Series.Rows[:30]
	all["30 hours"] = short
	dynamic := sample.Result(sample.HalfYear())
	dynamic.Policy.Settings = map[string]string{
		"weekly_limit.mode": "dynamic", "weekly_limit.dynamic.min": "90", "weekly_limit.dynamic.max": "96", "weekly_limit.period": "30d",
	}
	dynamic.Predictions = []sim.Prediction{{Name: "pending.mean", Predicted: 22}}
	dynamic.Scenario.Name = "a scenario whose name is much longer than what fits into a line of a chart, even of a wide one"
	dynamic.Seed, dynamic.Replicas, dynamic.Interrupted, dynamic.Members = 1<<64-1, 100, true, 1<<31-2
	for _, name := range []string{"casual", "newcomer", "recruiter"} { // only parts of some periods are measured
		dynamic.Distributions["quota_periods."+name] = sim.Curve{X: []float64{0, 1}, Y: []float64{1e6, 9e6}}
		dynamic.Distributions["quota_whole."+name] = dynamic.Distributions["quota."+name]
		dynamic.Distributions["quota_exhausted."+name] = sim.Curve{X: []float64{0, 1}, Y: []float64{0, 0.5}}
	}
	all["dynamic"] = dynamic
	all["measured"] = sample.Measured()
	all["measured, with objectives"] = sample.Measured()
	all["measured, with objectives"].Thresholds = []sim.Verdict{
		{That: "latency.send.p50 < 1us"}, {That: "latency.send.p99 < 1.1us"}, {That: "latency.accept.p999 < 1200ns"}, {That: "latency.ignore.max < 1m"},
	}
	quiet := sample.Measured()
	quiet.Marks, quiet.Load.Loop = nil, "closed"
	for name := range quiet.Distributions {
		if strings.HasSuffix(name, "p999") || name == "hiccup_spectrum" {
			delete(quiet.Distributions, name)
		}
	}
	all["measured, closed loop without marks"] = quiet
	all["measured, given up in the middle"], all["measured, given up at the end"] = givenUp(31), givenUp(58)
	all["measured, ten minutes"], all["measured, a moment"], all["measured, a day"] = lasting(600, 1), lasting(3, 0.01), lasting(1440, 60)
	for weeks, ats := range map[int][]int64{26: {0, 6, 12}, 7: {1, 2, 3, 4, 5}, 13: {11, 12}, 104: {50, 51, 52, 103}} {
		o := sample.HalfYear()
		o.Weeks = weeks
		changing := sample.Result(o)
		for _, at := range ats {
			settings := map[string]string{"weekly_limit.count": fmt.Sprint(20 + at)}
			for k := range at % 5 {
				settings[fmt.Sprintf("weekly_limit.dynamic.activity.setting%d", k)] = "x"
			}
			changing.Policies = append(changing.Policies, sim.PolicyChange{AtS: at * 7 * 86400, Settings: settings})
		}
		delete(changing.Policy.Settings, "pending_cap.mode")
		changing.Pending.Cap = nil
		all[fmt.Sprintf("%d changes in %d weeks", len(ats), weeks)] = changing
	}
	return all
}

func record(c Chart) *recorder {
	r := &recorder{width: c.width, depth: c.height}
	c.drawOn(&surface{r, c.height, "record"})
	return r
}

func TestTextsNeverTouchAndStayInside(t *testing.T) {
	for name, result := range samples() {
		for _, c := range All(result) {
			if c.Why != "" {
				continue
			}
			texts := record(c).texts
			for i, a := range texts {
				if a.left < 0 || a.top < 0 || a.right > c.width || a.bottom > c.height {
					t.Errorf("%s, %s: %q is cut off at the edge: %v", name, c.Name, a.text, a.box)
				}
				for _, b := range texts[:i] {
					if a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom {
						t.Errorf("%s, %s: %q and %q overlap", name, c.Name, a.text, b.text)
					}
				}
			}
		}
	}
}

func TestDrawingStaysInside(t *testing.T) {
	for name, result := range samples() {
		for _, c := range All(result) {
			if c.Why != "" {
				continue
			}
			if r := record(c); r.minX < 0 || r.minY < 0 || r.maxX > c.width || r.maxY > c.height {
				t.Errorf("%s, %s: drawn from (%g, %g) to (%g, %g) on %g by %g", name, c.Name, r.minX, r.minY, r.maxX, r.maxY, c.width, c.height)
			}
		}
	}
}

// A line of many thousand points takes the raster canvas minutes.
func TestLinesHaveFewPoints(t *testing.T) {
	for name, result := range samples() {
		for _, c := range All(result) {
			if c.Why != "" {
				continue
			}
			r := record(c)
			if r.line > 500 {
				t.Errorf("%s, %s: a line of %d points, at most 500 wanted", name, c.Name, r.line)
			}
			if r.area > 1000 {
				t.Errorf("%s, %s: an area of %d points, at most 1000 wanted", name, c.Name, r.area)
			}
		}
	}
}

// grey is how light a colour is without its colour, 0 to 255.
func grey(c color.Color) int { return int(color.GrayModel.Convert(c).(color.Gray).Y) }

func TestNeighboursDifferInGrey(t *testing.T) {
	for _, stack := range [][]string{append(sendWords(), otherOutcome), fateWords(), endWords()} {
		for i, word := range stack[1:] {
			a, b := paintOf(stack[i]), paintOf(word)
			if distance := grey(a.color) - grey(b.color); a.hatch == b.hatch && distance > -40 && distance < 40 {
				t.Errorf("%s and %s look alike in grey", stack[i], word)
			}
		}
	}
	looks := map[string]string{}
	for place := range 18 {
		look := populationStroke(place)
		key := fmt.Sprint(look)
		if looks[key] != "" {
			t.Errorf("populations %s and %d look alike", looks[key], place)
		}
		looks[key] = fmt.Sprint(place)
	}
}

func TestReduceKeepsWhatStandsOut(t *testing.T) {
	var line []point
	for i := range 10_000 {
		line = append(line, point{float64(i), 5})
	}
	line[4321].y, line[7654].y = 100, -100
	short := reduce(line, mostPoints)
	if len(short) > mostPoints {
		t.Errorf("reduced to %d points, at most %d wanted", len(short), mostPoints)
	}
	seen := map[float64]bool{}
	for i, p := range short {
		seen[p.y] = true
		if i > 0 && p.x <= short[i-1].x {
			t.Fatalf("point %d at x %g follows x %g", i, p.x, short[i-1].x)
		}
	}
	if !seen[100] || !seen[-100] {
		t.Error("the peak or the dip is gone")
	}
	if short[0] != line[0] || short[len(short)-1] != line[len(line)-1] {
		t.Error("the ends are gone")
	}
}

func TestSpread(t *testing.T) {
	heights := []float64{20, 20, 40, 20}
	placed := spread([]float64{100, 100, 101, 300}, heights, 90, 310)
	order := []int{0, 1, 2, 3}
	for k, i := range order {
		if placed[i]-heights[i]/2 < 90 || placed[i]+heights[i]/2 > 310 {
			t.Errorf("label %d at %g is outside", i, placed[i])
		}
		if k > 0 {
			j := order[k-1]
			if placed[i]-heights[i]/2 < placed[j]+heights[j]/2-1e-9 {
				t.Errorf("labels %d and %d overlap: %v", j, i, placed)
			}
		}
	}
	if placed[3] != 300 {
		t.Errorf("a label with room around it moved to %g", placed[3])
	}
}

func TestScaleMarksAreRound(t *testing.T) {
	for _, test := range []struct {
		most  float64
		steps int
		marks string
		high  float64
	}{
		{100, 6, "[0 20 40 60 80 100]", 100},
		{7, 6, "[0 2 4 6]", 7.35},
		{26_700, 6, "[0 5000 10000 15000 20000 25000]", 28_035},
		{0, 5, "[0 0.2 0.4 0.6000000000000001 0.8 1]", 1},
		{0.03, 6, "[0 0.005 0.01 0.015 0.02 0.025 0.03]", 0.03},
	} {
		s := newScale(test.most, test.steps, func(float64) string { return "" })
		if got := fmt.Sprint(s.marks); got != test.marks || s.high < test.high*0.999999 || s.high > test.high*1.000001 {
			t.Errorf("scale to %g: marks %s up to %g, want %s up to %g", test.most, got, s.high, test.marks, test.high)
		}
	}
}
