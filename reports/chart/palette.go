package chart

import (
	"image/color"
	"slices"

	"invitesim/sim"
)

// paint is how the area of one outcome or state looks: a colour of its own everywhere, and a hatch that tells it from
// its neighbours without colours.
type paint struct {
	color color.NRGBA
	hatch hatch
}

// hatch is a pattern drawn over an area.
type hatch int

const (
	plain hatch = iota
	rising
	falling
	crossed
	level
	upright
)

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255}
}

// faint makes a colour transparent: it keeps the share alpha of 0 to 1.
func faint(c color.NRGBA, alpha float64) color.NRGBA {
	c.A = uint8(float64(255*alpha) + 0.5)
	return c
}

// Colours of everything that is not data.
func ink() color.NRGBA     { return rgb(0x222222) }
func greyInk() color.NRGBA { return rgb(0x595959) }
func hair() color.NRGBA    { return rgb(0xE3E3E3) }
func band() color.NRGBA    { return rgb(0xF1F1F1) }
func white() color.NRGBA   { return rgb(0xFFFFFF) }

// otherOutcome gathers every outcome that has no colour of its own.
const otherOutcome = "other refusals"

// paintOf returns the look of an outcome of a command or a state of an invitation.
func paintOf(word string) paint {
	switch word {
	case "sent":
		return paint{rgb(0x0072B2), plain}
	case "connected":
		return paint{rgb(0x009E73), upright}
	case "accepted":
		return paint{rgb(0x009E73), plain}
	case "withdrawn":
		return paint{rgb(0x56B4E9), falling}
	case "ignored":
		return paint{rgb(0x999999), level}
	case "reported":
		return paint{rgb(0xCC79A7), rising}
	case "expired":
		return paint{rgb(0x555555), plain}
	case "cancelled":
		return paint{rgb(0xBBBBBB), upright}
	case "rate_limited":
		return paint{rgb(0xD55E00), rising}
	case "pending_capped":
		return paint{rgb(0xE69F00), falling}
	case "restricted":
		return paint{rgb(0x7F3C00), upright}
	case "cooldown":
		return paint{rgb(0xA89000), level}
	case "overloaded":
		return paint{rgb(0xB00020), crossed}
	case "open", outstandingWord:
		return paint{rgb(0xFCFCFC), plain}
	}
	return paint{rgb(0xD9D9D9), plain}
}

// light says whether dark text reads better on the colour than white text.
func light(c color.NRGBA) bool {
	return 299*int(c.R)+587*int(c.G)+114*int(c.B) > 150_000
}

// hatchInk is the colour of a hatch on an area of the given colour.
func hatchInk(c color.NRGBA) color.NRGBA {
	if light(c) {
		return faint(rgb(0x000000), 0.4)
	}
	return faint(white(), 0.6)
}

// mostSeries is how many series a chart shows; beyond it the last one stands for all the others.
const mostSeries = 8

// populationNames returns the populations in the order in which every chart counts them.
func populationNames(result *sim.Result) []string {
	names := make([]string, 0, len(result.MembersBy))
	for name := range result.MembersBy {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// populationStroke returns the line of the population with the given place in populationNames: no two of the first
// eighteen look alike, with colours or without.
func populationStroke(place int) stroke {
	dashes := [...][]float64{nil, {9, 4}, {2.5, 3}}
	return stroke{
		color: populationColor(place),
		width: 2.5,
		dash:  dashes[(place+place/PopulationColors)%len(dashes)],
	}
}

// PopulationColors is how many colours populations have: after so many they begin again, with other dashes.
const PopulationColors = 6

// populationColor returns the colour of the population with the given place in populationNames.
func populationColor(place int) color.NRGBA {
	return rgb([PopulationColors]uint32{0x332288, 0x117733, 0x882255, 0x44AA99, 0xAA4499, 0x88CCEE}[place%PopulationColors])
}

// limitStroke is the line of caps and quotas.
func limitStroke() stroke { return stroke{color: ink(), width: 1.75, dash: []float64{8, 5}} }
