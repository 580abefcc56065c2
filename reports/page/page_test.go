package page_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"flag"
	"html"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"invitesim/reports/figure"
	"invitesim/reports/internal/golden"
	"invitesim/reports/internal/sample"
	"invitesim/reports/page"
	"invitesim/sim"
)

var update = flag.Bool("update", false, "write the golden files anew")

// summary is what the other reports would say of a sample.
func summary() page.Summary {
	return page.Summary{
		Verdict: "Failed: 1 of 3 thresholds", Failed: true, Setting: "policy default · 100 000 members · 26 weeks from 2026-01-05",
		Observed: []string{"6.1 %", "285", "no sample"}, Command: "invitesim run recruiters-at-the-cap --policy default --seed 7",
	}
}

func makePage(t testing.TB, result *sim.Result, options page.Options) string {
	t.Helper()
	text, err := page.Make(result, summary(), options)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// between returns what stands between two texts, each time that they occur.
func between(text, from, to string) []string {
	var all []string
	for _, found := range regexp.MustCompile("(?s)"+regexp.QuoteMeta(from)+"(.*?)"+regexp.QuoteMeta(to)).FindAllStringSubmatch(text, -1) {
		all = append(all, found[1])
	}
	return all
}

func TestPageStandsAlone(t *testing.T) {
	text := makePage(t, sample.Result(sample.HalfYear()), page.Options{})
	styles, scripts := between(text, "<style>", "</style>"), between(text, "<script>", "</script>")
	if len(styles) != 1 || len(scripts) != 1 || strings.Count(text, "<script") != 1+strings.Count(text, `class="plot"`)+strings.Count(text, ` id="steps-`) {
		t.Fatalf("%d styles, %d scripts, want one of each and the data of every chart", len(styles), len(scripts))
	}
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	want := "default-src 'none'; script-src " + hash(scripts[0]) + "; style-src " + hash(styles[0]) +
		"; img-src data:; base-uri 'none'; form-action 'none'"
	policies := between(text, `http-equiv="Content-Security-Policy" content="`, `"`)
	if len(policies) != 1 || html.UnescapeString(policies[0]) != want {
		t.Errorf("the policy is %q, want %q", policies, want)
	}
	for _, address := range regexp.MustCompile(`(?:src|href|action|srcset)="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(address[1], "#") && !strings.HasPrefix(address[1], "data:") {
			t.Errorf("the page asks for %q", address[1])
		}
	}
	for _, address := range regexp.MustCompile(`url\(([^)]*)\)|@import`).FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(strings.Trim(address[1], `"'`), "#") {
			t.Errorf("the style asks for %q", address[0])
		}
	}
	for _, found := range regexp.MustCompile(`<[a-z]+[^>]* (?:style|on[a-z]+)=`).FindAllString(text, -1) {
		t.Errorf("the content security policy forbids %s", found)
	}
	if !strings.Contains(scripts[0], "Permission is hereby granted") {
		t.Error("the library's license is not in the page")
	}
	if again := makePage(t, sample.Result(sample.HalfYear()), page.Options{}); again != text {
		t.Error("the same result makes another page the second time")
	}
}

// TestPageSays compares headings, tiles and sentences with a golden file: what somebody reads who looks through the page.
func TestPageSays(t *testing.T) {
	result := sample.Result(sample.HalfYear())
	result.Warnings = []string{"pending rests on 3 senders"}
	result.Predictions = []sim.Prediction{{Name: "pending.mean", Formula: "rate × stay", Predicted: 22, Measured: 22.4, Low: 21.1, High: 23.7, Agrees: true}}
	result.Policies = []sim.PolicyChange{{AtS: 14 * 7 * 86400, Settings: map[string]string{"weekly_limit.count": "50"}}}
	result.Policy.Settings["weekly_limit.count"] = "80"
	text := makePage(t, result, page.Options{Baseline: map[string]float64{
		"commands.send.count": 1e6, "commands.send.outcomes.sent.share": 0.9, "pending.p99": 285,
	}})
	var b strings.Builder
	body := regexp.MustCompile(`(?s)<details.*?</details>|<script.*?</script>|<style.*?</style>`).ReplaceAllString(text, "")
	for _, found := range regexp.MustCompile(`(?s)<(h1|h2|h3|dt|dd|p|li|tr|pre)[ >].*?</(?:h1|h2|h3|dt|dd|p|li|tr|pre)>`).FindAllStringSubmatch(body, -1) {
		words := html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(found[0], " "))
		if words = strings.Join(strings.Fields(words), " "); words != "" {
			b.WriteString(found[1] + ": " + words + "\n")
		}
	}
	golden.Same(t, *update, "half-year.txt", b.String())
}

// hostile is a result whose every text tries to be more than text.
func hostile() *sim.Result {
	const evil = `</script><script>alert("x")</script><img src=x onerror=alert(1)>{{.}}` + "\u2028`${1}'"
	result := sample.Result(sample.HalfYear())
	result.Scenario = sim.ScenarioName{Name: evil, Purpose: evil, Digest: evil}
	result.Policy.Name, result.Clock, result.Digest, result.Start = evil, evil, evil, evil
	result.Policy.Settings["expiry"] = evil
	result.Warnings = []string{evil}
	result.Thresholds = []sim.Verdict{{That: evil, Verdict: "fail"}, {That: "latency.send.p99 <", Verdict: evil}}
	result.Predictions = []sim.Prediction{{Name: evil, Formula: evil}}
	result.Policies = []sim.PolicyChange{{Settings: map[string]string{evil: evil}}}
	result.Replicates = map[string]sim.Replicate{evil: {Mean: 1}}
	result.Marks = []sim.Mark{{What: evil}}
	for name, figures := range result.MembersBy {
		result.MembersBy[evil+name] = figures
		for _, prefix := range []string{"at_cap.", "quota."} {
			result.Distributions[prefix+evil+name] = result.Distributions[prefix+name]
		}
		break
	}
	result.Commands["send"].Outcomes[evil] = &sim.OutcomeShare{Count: 1e6, Share: 0.1}
	return result
}

func TestHostileTextStaysText(t *testing.T) {
	text := makePage(t, hostile(), page.Options{Baseline: map[string]float64{"pending.p99": math.Inf(1)}})
	if n, plots := strings.Count(text, "<script"), strings.Count(text, `class="plot"`); n != 1+plots {
		t.Errorf("%d scripts, want 1 and the data of %d charts", n, plots)
	}
	body := regexp.MustCompile(`(?s)<(style|script)[ >].*?</(style|script)>`).ReplaceAllString(text, "")
	for _, mark := range []string{"<img", "onerror=alert(1)>", `alert("x")`} {
		if strings.Contains(body, mark) {
			t.Errorf("%s stands in the page as it is", mark)
		}
	}
	if !strings.Contains(body, "&lt;img src=x") {
		t.Error("the text itself is missing")
	}
}

func TestPageOfLittle(t *testing.T) {
	cut := sample.Result(sample.SteadyWeek())
	cut.Interrupted = true
	cut.Series.Rows = cut.Series.Rows[:3]
	odd := sample.Result(sample.SteadyWeek())
	odd.Series.Rows[1] = nil
	odd.Distributions["answers.accept"] = sim.Curve{X: []float64{1, 2}, Y: []float64{1}}
	for name, result := range map[string]*sim.Result{"nothing": {}, "interrupted": cut, "with gaps": odd} {
		if _, err := page.Make(result, page.Summary{}, page.Options{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	text := makePage(t, &sim.Result{}, page.Options{})
	if strings.Contains(text, "✓") {
		t.Error("the page of nothing, for which there is nothing to judge, says that all is well")
	}
	for _, want := range []string{"A result without a name", "<strong>What came of the attempts to send, week by week?</strong> Not drawn: nobody tried to send."} {
		if !strings.Contains(text, want) {
			t.Errorf("the page of nothing does not say %q", want)
		}
	}
	if !strings.Contains(makePage(t, cut, page.Options{}), "The run was interrupted") {
		t.Error("the page does not say that the run was interrupted")
	}
}

// long is a result whose series has so many rows. Noise is how far every figure jumps, in one row of quiet.
func long(rows int, noise float64, quiet uint64) *sim.Result {
	result := sample.Result(sample.HalfYear())
	step := int64(60)
	result.Series.StepS, result.DurationS, result.WarmupS = step, int64(rows)*step, 0
	model := result.Series.Rows
	result.Series.Rows = make([][]float64, rows)
	state := uint64(1)
	for i := range result.Series.Rows {
		row := make([]float64, len(model[0]))
		copy(row, model[i*len(model)/rows])
		row[0] = float64(int64(i) * step)
		for k := 1; k < len(row); k++ {
			state = state*6364136223846793005 + 1442695040888963407
			jump := 0.0
			if state>>33%quiet == 0 {
				jump = noise * float64(state>>40) / (1 << 24)
			}
			row[k] = math.Round(row[k]/300 + jump)
		}
		result.Series.Rows[i] = row
	}
	for name := range result.MembersBy {
		curve := sim.Curve{}
		for i := range rows {
			curve.X = append(curve.X, float64(int64(i+1)*step))
			curve.Y = append(curve.Y, math.Round(1e3*float64(i)/float64(rows))/1e3)
		}
		result.Distributions["at_cap."+name] = curve
	}
	return result
}

// TestSize holds the page of any series below a megabyte and a half.
func TestSize(t *testing.T) {
	const most = 1_500_000
	for name, result := range map[string]*sim.Result{
		"half a year": sample.Result(sample.HalfYear()), "100 000 steps": long(100_000, 3, 16), "300 000 noisy steps": long(300_000, 1000, 1),
	} {
		if size := len(makePage(t, result, page.Options{})); size > most {
			t.Errorf("%s: %d bytes, want at most %d", name, size, most)
		}
	}
}

func BenchmarkMake(b *testing.B) {
	for name, result := range map[string]*sim.Result{"half-year": sample.Result(sample.HalfYear()), "100000-steps": long(100_000, 3, 16)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(float64(len(makePage(b, result, page.Options{}))), "bytes")
			}
		})
	}
}

// TestVendored holds the plotting library to the bytes that its makers published as uPlot 1.6.32.
func TestVendored(t *testing.T) {
	for name, want := range map[string]string{
		"uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
		"uPlot.min.css":     "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
		"LICENSE":           "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
	} {
		text, err := os.ReadFile(filepath.Join("vendor", name))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s has the SHA-256 %x, want %s", name, sum, want)
		}
	}
}

// No line breaks within a number.
func TestNumbersDoNotBreak(t *testing.T) {
	text := makePage(t, sample.Result(sample.HalfYear()), page.Options{})
	if strings.Contains(text, figure.ThinSpace) || !strings.Contains(text, "100\u202F000 members") {
		t.Error("thin spaces, at which lines break, stand in numbers")
	}
}

// A page of several replicas says at every chart what is drawn of them, and draws means with their intervals.
func TestPageOfReplicas(t *testing.T) {
	result := sample.Result(sample.HalfYear())
	result.Replicas = 6
	result.Replicates = map[string]sim.Replicate{"pending.p50": {Mean: 14.25, N: 6}, "pending.p99": {Mean: 280.1, Low: 271, High: 289, N: 6}}
	for _, name := range []string{"at_cap.casual", "at_cap.recruiter"} {
		for what, factor := range map[string]float64{"low": 0.5, "mean": 0.75, "high": 1.5} {
			scaled := sim.Curve{X: result.Distributions[name].X}
			for _, y := range result.Distributions[name].Y {
				scaled.Y = append(scaled.Y, y*factor)
			}
			result.Distributions["replicates."+name+"."+what] = scaled
		}
	}
	whole := makePage(t, result, page.Options{})
	if broken := regexp.MustCompile(`[0-9] %.{0,20}`).FindString(whole); broken != "" {
		t.Errorf("a line may end between a number and its percent sign: %q", broken)
	}
	text := strings.ReplaceAll(whole, "\u00A0", " ")
	if first, all := strings.Count(text, `<p class="replicas">the first of 6 replicas</p>`), strings.Count(text, `<p class="replicas">`); all != 9 || first != 8 {
		t.Errorf("%d charts and tables say what is drawn of the replicas, %d of them that it is the first one, want 9 and 8", all, first)
	}
	for _, want := range []string{
		`<dd class="value">280</dd><dd class="note">95 %: 271 to 289</dd>`, `<dd class="note">the first of 6 replicas</dd>`,
		`<th scope="row">seeds</th><td>7 to 12</td>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	atCap := between(text, `id="chart-at-cap"`, "</section>")
	if len(atCap) != 1 || strings.Count(atCap[0], `"upper":`) != 2 || !strings.Contains(atCap[0], `"name":"recruiter, 95 % from"`) ||
		!strings.Contains(atCap[0], figure.Share(0.75*result.Distributions["at_cap.recruiter"].Y[727])+" at the end") ||
		strings.Count(atCap[0], "<button") != 3+3 {
		t.Errorf("the share at the cap has no bands, or buttons for them: %.2000s", atCap)
	}
}
