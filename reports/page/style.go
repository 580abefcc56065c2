package page

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"invitesim/reports/chart"
)

// The ground that charts stand on.
const (
	lightGround = "#FFFFFF"
	darkGround  = "#1C2024"
)

// outcomePaint is the name in the style sheet of the colour of an outcome or a state.
func outcomePaint(word string) string {
	if word == chart.Outstanding {
		word = "open"
	}
	if word == "open" || slices.Contains(colouredWords(), word) {
		return "c-" + word
	}
	return "c-other"
}

func populationPaint(place int) string { return fmt.Sprintf("p-%d", place%chart.PopulationColors) }

// hatchOf is the name of the pattern over an outcome's areas, with the ink that shows on its colour: rising-white, or plain for none.
func hatchOf(word string) string {
	look := chart.OutcomeLook(word)
	switch {
	case look.Hatch == chart.Plain:
		return "plain"
	case chart.DarkText(look.Color):
		return string(look.Hatch) + "-black"
	}
	return string(look.Hatch) + "-white"
}

// colouredWords are the outcomes and states with a colour of their own.
func colouredWords() []string {
	words := slices.DeleteFunc(append(chart.SendOutcomes(), chart.Fates()...), func(word string) bool {
		return word == chart.OtherOutcome || word == "open"
	})
	slices.Sort(words)
	return slices.Compact(words)
}

// paint is a colour of the style sheet by daylight and in the dark.
type paint struct{ name, light, dark string }

// paints returns all colours of series.
func paints() []paint {
	all := []paint{{"ink", "#222222", "#E8EAED"}, {"c-open", chart.OutcomeLook("open").Color, "#2A2F35"}}
	add := func(name, color string) { all = append(all, paint{name, color, readable(color, darkGround)}) }
	for _, word := range colouredWords() {
		add(outcomePaint(word), chart.OutcomeLook(word).Color)
	}
	add("c-other", chart.OutcomeLook(chart.OtherOutcome).Color)
	for place := range chart.PopulationColors {
		add(populationPaint(place), chart.PopulationLook(place).Color)
	}
	for _, lane := range chart.AllLanes() {
		add("m-"+lane.What, lane.Color)
	}
	return append(all, paint{"grey", "#767676", "#8A9098"})
}

// paintOf is the name of the colour of series that is the given one by daylight.
func paintOf(color string) string {
	for _, p := range paints() {
		if p.light == color {
			return p.name
		}
	}
	return "grey"
}

// palette writes the colours of series and of the heat map as a style sheet: for each a variable, a class that picks it, and the colour of
// text on it.
func palette() string {
	var light, dark, classes strings.Builder
	for _, p := range paints() {
		fmt.Fprintf(&light, "--%s:%s;--on-%s:%s;", p.name, p.light, p.name, textOn(p.light))
		fmt.Fprintf(&dark, "--%s:%s;--on-%s:%s;", p.name, p.dark, p.name, textOn(p.dark))
		fmt.Fprintf(&classes, ".%s{--paint:var(--%s);--on:var(--on-%s)}\n", p.name, p.name, p.name)
	}
	for level := range heatLevels + 1 {
		share := float64(level) / heatLevels
		fmt.Fprintf(&light, "--h%d:%s;", level, chart.HeatColor(share))
		fmt.Fprintf(&dark, "--h%d:%s;", level, darkHeat(share))
		fmt.Fprintf(&classes, ".h%d{background:var(--h%d)}\n", level, level)
	}
	return fmt.Sprintf(":root{%s}\n@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){%s}}\n"+
		"@media screen{:root[data-theme=dark]{%s}}\n%s", light.String(), dark.String(), dark.String(), classes.String())
}

// darkHeat is the colour of the heat map in the dark: ever lighter, where by day it gets ever darker.
func darkHeat(share float64) string {
	const low, middle, high = "#2B2621", "#D55E00", "#FFE3CC"
	switch {
	case share == 0:
		return "#22272C"
	case share < 0.6:
		return mixed(low, middle, share/0.6)
	}
	return mixed(middle, high, (share-0.6)/0.4)
}

// leastContrast is that of lines and areas against their ground.
const leastContrast = 3.2

// readable lightens a colour until it stands out from a dark ground.
func readable(color, ground string) string {
	for share := 0.0; share < 1; share += 0.05 {
		if lighter := mixed(color, "#FFFFFF", share); contrast(lighter, ground) >= leastContrast {
			return lighter
		}
	}
	return "#FFFFFF"
}

// textOn returns the colour of text that reads best on a colour.
func textOn(color string) string {
	const black, white = "#111111", "#FFFFFF"
	if contrast(black, color) >= contrast(white, color) {
		return black
	}
	return white
}

// parts takes a colour #RRGGBB apart: 0 to 255 each.
func parts(color string) (all [3]float64) {
	var r, g, b uint8
	_, _ = fmt.Sscanf(color, "#%02X%02X%02X", &r, &g, &b) // the colours are ours
	return [3]float64{float64(r), float64(g), float64(b)}
}

// mixed returns the colour at the given share of the way between two.
func mixed(from, to string, share float64) string {
	a, b := parts(from), parts(to)
	var m [3]int
	for i := range m {
		m[i] = int(math.Round(a[i] + float64((b[i]-a[i])*share)))
	}
	return fmt.Sprintf("#%02X%02X%02X", m[0], m[1], m[2])
}

// contrast is the ratio of two colours' brightness as accessibility guidelines define it: 1 to 21.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(color string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := parts(color)[i] / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += float64(weight * v)
	}
	return sum
}
