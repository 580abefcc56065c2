package page_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"invitesim/reports/internal/sample"
	"invitesim/reports/page"
	"invitesim/sim"
)

// TestInChromium looks at pages in a real browser, from files.
func TestInChromium(t *testing.T) {
	browser := browser(t)
	quiet := sample.SteadyWeek()
	quiet.Quiet = true
	changing := sample.Result(sample.HalfYear())
	changing.Policies = []sim.PolicyChange{{AtS: changing.DurationS / 2, Settings: map[string]string{"pending_cap.count": "200", "weekly_limit.count": "50"}}}
	wide, narrow := view{width: 1600, height: 1000}, view{width: 360, height: 740}
	for name, result := range map[string]*sim.Result{
		"half a year": sample.Result(sample.HalfYear()), "a quiet week": sample.Result(quiet), "the wall clock": sample.Measured(),
		"a change of policy": changing, "hostile names": hostile(), "nothing": {},
	} {
		html := []byte(makePage(t, result, page.Options{}))
		t.Run(name, func(t *testing.T) {
			b := browser.open(t, html, wide)
			b.everythingDrawn(len(result.Series.Rows) > 0)
			b.fits()
			b.do(chromedp.EmulateViewport(narrow.width, narrow.height))
			b.everythingDrawn(len(result.Series.Rows) > 0)
			b.fits()
			b.quiet()
		})
	}
	html := []byte(makePage(t, sample.Result(sample.HalfYear()), page.Options{Baseline: map[string]float64{"pending.p99": 200}}))
	for _, dark := range []bool{false, true} {
		t.Run(fmt.Sprintf("contrast, dark %v", dark), func(t *testing.T) {
			v := wide
			v.dark = dark
			b := browser.open(t, html, v)
			b.readable()
			ask[bool](b, `document.getElementById('theme').click(), true`) // and as its switch makes it
			b.readable()
		})
	}
	t.Run("narrow from the start", func(t *testing.T) {
		b := browser.open(t, html, narrow)
		b.everythingDrawn(true)
		b.fits()
		b.quiet()
	})
	t.Run("names that are close to each other", func(t *testing.T) {
		crowded := sample.Result(sample.HalfYear())
		for i, count := range []string{"95", "90", "20"} {
			crowded.Policies = append(crowded.Policies, sim.PolicyChange{AtS: crowded.DurationS * int64(i+2) / 5, Settings: map[string]string{"weekly_limit.count": count}})
		}
		b := browser.open(t, []byte(makePage(t, crowded, page.Options{})), wide)
		b.namesApart()
		b.do(chromedp.EmulateViewport(narrow.width, narrow.height))
		b.frame()
		b.namesApart()
	})
	t.Run("scrolling", func(t *testing.T) { scrollDown(browser.load(t, html, wide)) })
	t.Run("keyboard", func(t *testing.T) { useKeyboard(browser.open(t, html, wide)) })
	t.Run("pointer", func(t *testing.T) { usePointer(browser.open(t, html, wide)) })
	t.Run("print", func(t *testing.T) { lookAtPrint(browser.open(t, html, view{width: 1000, height: 1000, dark: true})) })
	t.Run("values", func(t *testing.T) { compareValues(browser.open(t, html, wide)) })
	t.Run("100 000 steps", func(t *testing.T) {
		lookFar(t, browser.open(t, []byte(makePage(t, long(100_000, 3, 16), page.Options{})), wide))
	})
}

// scrollDown wants the first chart drawn at once, and the last one when it comes into view.
func scrollDown(b *tab) {
	const drawn = `[...document.querySelectorAll('.plot')].map(box => !!box.querySelector('canvas'))`
	at := ask[[]bool](b, drawn)
	if last := len(at) - 1; last < 3 || !at[0] || at[last] {
		b.t.Errorf("drawn before anybody scrolls: %v, want the first and not the last", at)
	}
	ask[bool](b, `[...document.querySelectorAll('.plot')].at(-1).scrollIntoView({block: 'center', behavior: 'instant'}), true`)
	b.wait(drawn + `.at(-1)`)
	b.quiet()
}

// pixelsOf reads a canvas, from a copy that is made for reading.
const pixelsOf = `canvas => {
	const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {willReadFrequently: true});
	copy.drawImage(canvas, 0, 0);
	return copy.getImageData(0, 0, canvas.width, canvas.height).data;
}`

// drawnPixels counts the pixels of every chart's canvas that something was drawn on.
const drawnPixels = `[...document.querySelectorAll('.plot canvas')].map(canvas => {
	const data = (` + pixelsOf + `)(canvas);
	let n = 0;
	for (let i = 3; i < data.length; i += 4) if (data[i]) n++;
	return n;
})`

// namesApart wants that what charts name in their areas and above them does not touch: limits, changes of policy, the warm-up, what is too recent.
func (b *tab) namesApart() {
	b.t.Helper()
	touching := ask[[]string](b, `invitesim.charts.flatMap(chart => {
		const {ctx} = chart.u, names = [], write = ctx.fillText;
		ctx.fillText = function (text, x, y) {
			if (text && ctx.textBaseline === 'bottom') {
				const width = ctx.measureText(text).width, left = ctx.textAlign === 'right' ? x - width : x;
				names.push({text, left, right: left + width, y});
			}
			return write.apply(ctx, arguments);
		};
		chart.u.batch(() => chart.u.redraw());
		delete ctx.fillText;
		return names.flatMap((a, i) => names.slice(0, i).filter(b => Math.abs(a.y - b.y) < 10 && a.left < b.right && b.left < a.right)
			.map(b => chart.plot.name + ': ' + b.text + ' and ' + a.text));
	})`)
	for _, names := range touching {
		b.t.Errorf("names touch in %s", names)
	}
	if seen := ask[int](b, `invitesim.charts.find(c => c.plot.name === 'quota').plot.limits.length`); seen != 4 {
		b.t.Errorf("the sample has %d limits, want 4", seen)
	}
}

// everythingDrawn wants something on every canvas, and a picture, bars or whiskers in every other chart.
func (b *tab) everythingDrawn(expected bool) {
	b.t.Helper()
	b.frame()
	pixels := ask[[]int](b, drawnPixels)
	if n := ask[int](b, `document.querySelectorAll('.plot').length`); len(pixels) != n || expected && n == 0 {
		b.t.Errorf("%d canvases for %d charts", len(pixels), n)
	}
	for i, n := range pixels {
		if n < 1500 {
			b.t.Errorf("chart %d has %d pixels drawn", i, n)
		}
	}
	empty := ask[[]string](b, `[...document.querySelectorAll('.chart')].filter(chart =>
		!chart.querySelector('.plot canvas, .part, .whisker, .heat, img')).map(chart => chart.id)`)
	if len(empty) > 0 {
		b.t.Errorf("nothing to see in %v", empty)
	}
	without := ask[[]string](b, `[...document.querySelectorAll('.chart')].filter(chart =>
		!chart.querySelector('details table tbody tr') || !chart.querySelector('.sentence').textContent).map(chart => chart.id)`)
	if len(without) > 0 {
		b.t.Errorf("no table or no sentence in %v", without)
	}
}

// fits wants that nothing has to be scrolled sideways, but for wide tables in boxes of their own.
func (b *tab) fits() {
	b.t.Helper()
	wide := ask[[]string](b, `(() => {
		for (const details of document.querySelectorAll('details')) details.open = true;
		const width = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= width) return [];
		return [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll') && e.getBoundingClientRect().right > width + .5)
			.map(e => e.tagName + '.' + e.getAttribute('class')).slice(0, 5);
	})()`)
	if len(wide) > 0 {
		b.t.Errorf("wider than the window: %v", wide)
	}
}

// contrasts returns every visible text whose contrast with what is behind it is too low: 4.5, or 3 for large text.
const contrasts = `(() => {
	const parse = text => { const n = text.match(/[\d.]+/g).map(Number); return [n[0], n[1], n[2], n[3] ?? 1]; };
	const light = c => { const v = c / 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
	const luminance = ([r, g, b]) => .2126 * light(r) + .7152 * light(g) + .0722 * light(b);
	const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]));
	const behind = element => {
		const layers = [];
		for (let e = element; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
		return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
	};
	const low = [];
	let seen = 0;
	for (const details of document.querySelectorAll('details')) details.open = true;
	for (const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); walker.nextNode();) {
		const text = walker.currentNode.textContent.trim(), e = walker.currentNode.parentElement;
		if (!text || e.closest('script, .vh, [hidden]') || !e.checkVisibility({visibilityProperty: true})) continue;
		const style = getComputedStyle(e), inBar = e.closest('.part');
		const color = parse(inBar ? style.fill : e.closest('svg') ? style.fill : style.color);
		const ground = inBar ? parse(getComputedStyle(inBar.querySelector('rect')).fill) : behind(e);
		const [a, b] = [luminance(over(color, ground)), luminance(ground)].sort((x, y) => y - x);
		const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
		seen++;
		if ((a + .05) / (b + .05) < (large ? 3 : 4.5)) low.push(text.slice(0, 40) + ' ' + ((a + .05) / (b + .05)).toFixed(2) + ' ' + style.color);
	}
	return JSON.stringify({seen, low: low.slice(0, 8)});
})()`

// readable holds every text against what is behind it.
func (b *tab) readable() {
	b.t.Helper()
	b.frame()
	var found struct {
		Seen int
		Low  []string
	}
	if err := json.Unmarshal([]byte(ask[string](b, contrasts)), &found); err != nil {
		b.t.Fatal(err)
	}
	if found.Seen < 100 || len(found.Low) > 0 {
		b.t.Errorf("of %d texts these have too little contrast: %v", found.Seen, found.Low)
	}
}

// active is what has the focus.
const active = `(e => e.matches('.legend button') ? 'switch' : e.matches('.plot') ? 'plot' : e.id || e.tagName)(document.activeElement)`

// tabTo presses Tab until something of the kind has the focus.
func (b *tab) tabTo(kind string) {
	b.t.Helper()
	var passed []string
	for range 60 {
		b.do(chromedp.KeyEvent(kb.Tab))
		at := ask[string](b, active)
		if at == kind {
			return
		}
		passed = append(passed, at)
	}
	b.t.Fatalf("Tab does not lead to a %s, but to %v", kind, passed)
}

func useKeyboard(b *tab) {
	b.tabTo("theme")
	b.do(chromedp.KeyEvent(kb.Enter))
	if theme := ask[string](b, `document.documentElement.dataset.theme`); theme != "dark" {
		b.t.Errorf("Enter on the switch of the theme: %q, want dark", theme)
	}
	b.tabTo("plot")
	outline := ask[string](b, `getComputedStyle(document.activeElement).outlineStyle`)
	if outline == "none" {
		b.t.Error("one cannot see which chart has the focus")
	}
	status := `document.activeElement.parentElement.querySelector('[role=status]').textContent`
	b.do(chromedp.KeyEvent(kb.ArrowRight))
	first := ask[string](b, status)
	b.do(chromedp.KeyEvent(kb.ArrowRight))
	if second := ask[string](b, status); !strings.Contains(first, "sent") || first == second {
		b.t.Errorf("arrows say %q and then %q", first, second)
	}
	span := `(([min, max]) => max - min)(invitesim.charts[0].range)`
	whole := ask[float64](b, span)
	b.do(chromedp.KeyEvent("+"), chromedp.KeyEvent("+"))
	if part := ask[float64](b, span); part > whole/3 || part <= 0 {
		b.t.Errorf("+ and + leave %v of %v", part, whole)
	}
	b.do(chromedp.KeyEvent("0"))
	if again := ask[float64](b, span); again != whole {
		b.t.Errorf("0 shows %v of %v", again, whole)
	}
	b.tabTo("switch")
	key := ask[string](b, `document.activeElement.dataset.key`)
	before := ask[[]int](b, drawnPixels)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.frame()
	if pressed := ask[string](b, `document.activeElement.getAttribute('aria-pressed')`); pressed != "false" {
		b.t.Errorf("Enter on %s leaves it %q", key, pressed)
	}
	if after := ask[[]int](b, drawnPixels); after[0] >= before[0] {
		b.t.Errorf("without %s there are %d pixels, and with it %d", key, after[0], before[0])
	}
	b.do(chromedp.KeyEvent(" "))
	b.frame()
	if after := ask[[]int](b, drawnPixels); !slices.Equal(after, before) {
		b.t.Errorf("switched on again: %v pixels, want %v", after, before)
	}
	b.quiet()
}

func usePointer(b *tab) {
	box := ask[[]float64](b, `(box => {
		box.scrollIntoView({block: 'center', behavior: 'instant'});
		const r = box.querySelector('.u-over').getBoundingClientRect();
		return [r.left, r.top, r.width, r.height];
	})(document.querySelector('#chart-outstanding .plot'))`)
	at := func(share float64) (x, y float64) { return box[0] + box[2]*share, box[1] + box[3]/2 }
	x, y := at(0.5)
	b.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
	b.frame()
	if tip := ask[string](b, `document.querySelector('#chart-outstanding .tip:not([hidden])')?.textContent ?? ''`); !strings.Contains(tip, "median") {
		b.t.Errorf("pointing at a chart shows %q", tip)
	}
	chart := `invitesim.charts.find(c => c.plot.name === 'outstanding')`
	whole := ask[[]float64](b, chart+".range")
	x, y = at(0.25)
	b.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y), chromedp.MouseEvent(input.DispatchMouseEventTypeMousePressed, x, y, chromedp.ButtonLeft))
	x, y = at(0.5)
	b.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y, chromedp.ButtonLeft), chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, x, y, chromedp.ButtonLeft))
	b.frame()
	span := whole[1] - whole[0]
	part := ask[[]float64](b, chart+".range")
	if part[0] < whole[0]+0.24*span || part[0] > whole[0]+0.26*span || part[1] < whole[0]+0.49*span || part[1] > whole[0]+0.51*span {
		b.t.Errorf("dragged from a quarter to the half of %v: shows %v", whole, part)
	}
	if shown := ask[float64](b, chart+".u.scales.x.max"); shown != part[1] {
		b.t.Errorf("the axis ends at %v, want %v", shown, part[1])
	}
	b.do(chromedp.MouseClickXY(x, y, chromedp.ClickCount(1)), chromedp.MouseClickXY(x, y, chromedp.ClickCount(2)))
	b.frame()
	if again := ask[[]float64](b, chart+".range"); !slices.Equal(again, whole) {
		b.t.Errorf("after a double-click: %v, want %v", again, whole)
	}
	b.quiet()
}

// lookAtPrint prints the page from a dark screen.
func lookAtPrint(b *tab) {
	dark := ask[string](b, `getComputedStyle(document.body).backgroundColor`)
	b.media("print", true)
	b.frame()
	if ground := ask[string](b, `getComputedStyle(document.body).backgroundColor`); ground != "rgb(255, 255, 255)" || ground == dark {
		b.t.Errorf("printed on %s, and shown on %s", ground, dark)
	}
	if n := ask[int](b, `[...document.querySelectorAll('.zoom, #copy, #theme, nav')].filter(e => e.checkVisibility()).length`); n > 0 {
		b.t.Errorf("%d things to click on are printed", n)
	}
	ink := ask[string](b, `(canvas => {
		const data = (`+pixelsOf+`)(canvas), colors = new Set();
		for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) colors.add(data[i] + ' ' + data[i + 1] + ' ' + data[i + 2]);
		return colors.has('0 114 178') ? 'light' : [...colors].slice(0, 9).join();
	})(document.querySelector('.plot canvas'))`)
	if ink != "light" {
		b.t.Errorf("charts are not printed in the colours of the light page: they have %s", ink)
	}
	b.everythingDrawn(true)
	b.fits()
	b.quiet()
}

// compareValues holds the numbers that the script unpacked against those of the result.
func compareValues(b *tab) {
	result := sample.Result(sample.HalfYear())
	column := slices.Index(result.Series.Columns, "outstanding.p99")
	got := ask[[]float64](b, `Array.from(invitesim.charts.find(c => c.plot.name === 'outstanding').values[0])`)
	if len(got) != len(result.Series.Rows) {
		b.t.Fatalf("%d values, want %d", len(got), len(result.Series.Rows))
	}
	for i, row := range result.Series.Rows {
		if got[i] != row[column] {
			b.t.Fatalf("step %d: %v, want %v", i, got[i], row[column])
		}
	}
	sums := ask[[]float64](b, `(sum => (c => [sum(c.values), sum(c.bins.sums)])(invitesim.charts[0]))(
		lists => lists.reduce((all, list) => all + list.reduce((a, b) => a + b, 0), 0))`)
	want := 0.0
	for i, name := range result.Series.Columns {
		for _, row := range result.Series.Rows {
			if strings.HasPrefix(name, "send.") {
				want += row[i]
			}
		}
	}
	if sums[0] != want || sums[1] != want {
		b.t.Errorf("%v attempts in the steps and %v in the columns, want %v", sums[0], sums[1], want)
	}
}

// lookFar zooms in a chart of a hundred thousand steps. How long that takes is logged, not judged.
func lookFar(t *testing.T, b *tab) {
	points := ask[int](b, `Math.max(...invitesim.charts.find(c => c.plot.name === 'outstanding').values.map(v => v.length))`)
	if points != 100_000 {
		t.Errorf("the chart has %d points, want all 100 000", points)
	}
	differ := ask[string](b, `(() => {
		const chart = invitesim.charts[0], coarse = chart.bins, fine = invitesim.bins(chart.plot, chart.values, ...chart.full);
		const same = (a, b) => JSON.stringify([...a]) === JSON.stringify([...b]);
		return !chart.plot.coarse ? 'no columns in the page' : coarse.length !== fine.length ? coarse.length + ' s and ' + fine.length + ' s' :
			!same(coarse.from, fine.from) || !same(coarse.to, fine.to) ? 'columns begin or end elsewhere' :
			!fine.sums.every((sum, k) => same(sum, coarse.sums[k])) ? 'sums' : '';
	})()`)
	if differ != "" {
		t.Errorf("the columns that come with the page are not those that its script makes: %s", differ)
	}
	times := ask[[]float64](b, `(() => {
		const chart = invitesim.charts.find(c => c.plot.name === 'outstanding'), [low, high] = chart.full;
		const times = [];
		for (let i = 0; i < 20; i++) {
			const before = performance.now();
			chart.zoom([low + (high - low) * i / 60, high - (high - low) * i / 60]);
			times.push(performance.now() - before);
		}
		return times.sort((a, b) => a - b);
	})()`)
	t.Logf("a zoom takes %.1f ms (median), %.1f ms (most)", times[len(times)/2], times[len(times)-1])
	t.Logf("first chart after %.0f ms", ask[float64](b, `performance.getEntriesByName('first chart')[0].startTime`))
	b.everythingDrawn(true)
	b.quiet()
}
