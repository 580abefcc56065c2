package chart

import (
	"fmt"
	"slices"

	"invitesim/reports/figure"
	"invitesim/sim"
)

// population is one row of the chart: what came of its attempts, and what became of its invitations.
type population struct {
	name     string
	attempts map[string]uint64
	ends     map[string]uint64
}

// outstandingWord stands for the invitations that have not ended: whether they are answered, the figures of a population do not say.
const outstandingWord = "outstanding"

// endWords are what becomes of invitations, in the order of the stack.
func endWords() []string {
	return []string{"accepted", "withdrawn", "expired", "cancelled", outstandingWord}
}

// endName writes what became of an invitation for people.
func endName(word string) string {
	if word == outstandingWord {
		return "still outstanding"
	}
	return word
}

// endsOf counts what became of the invitations of all or some members: of those that they had outstanding when measuring began, and of those that they
// sent since.
func endsOf(figures *sim.Figures) map[string]uint64 {
	i := &figures.Invitations
	return map[string]uint64{
		"accepted": i.Accepted, "withdrawn": i.Withdrawn, "expired": i.Expired, "cancelled": i.Cancelled, outstandingWord: i.OutstandingEnd,
	}
}

// endsWhole says of which invitations it is told what became of them.
func (v *view) endsWhole() string {
	for _, figures := range v.MembersBy {
		if figures != nil && figures.Invitations.OutstandingStart > 0 {
			return "of those outstanding after the warm-up, and sent since"
		}
	}
	if v.WarmupS > 0 {
		return "of all sent since the warm-up"
	}
	return "of all sent"
}

func total(counts map[string]uint64) uint64 {
	all := uint64(0)
	for _, n := range counts {
		all += n
	}
	return all
}

// add counts a population's figures into the row.
func (p *population) add(figures *sim.Figures) {
	if send := figures.Commands["send"]; send != nil {
		for outcome, share := range send.Outcomes {
			p.attempts[colouredWord(outcome)] += share.Count
		}
	}
	for word, n := range endsOf(figures) {
		p.ends[word] += n
	}
}

// rows returns the populations that tried to send; where there are too many, those with the fewest attempts are put together.
func (v *view) rows() []population {
	var rows []population
	for _, name := range populationNames(v.Result) {
		row := population{name, map[string]uint64{}, map[string]uint64{}}
		row.add(v.MembersBy[name])
		if total(row.attempts) > 0 {
			rows = append(rows, row)
		}
	}
	if len(rows) <= mostSeries {
		return rows
	}
	ranked := slices.Clone(rows)
	slices.SortStableFunc(ranked, func(a, b population) int {
		switch x, y := total(a.attempts), total(b.attempts); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	fewest := ranked[mostSeries-1:]
	other := population{fmt.Sprintf("other (%d)", len(fewest)), map[string]uint64{}, map[string]uint64{}}
	rows = slices.DeleteFunc(rows, func(row population) bool {
		small := slices.ContainsFunc(fewest, func(f population) bool { return f.name == row.name })
		if small {
			other.add(v.MembersBy[row.name])
		}
		return small
	})
	return append(rows, other)
}

// populations compares what populations get: the outcomes of their attempts, and what became of their invitations.
func populations(v *view) sheet {
	rows := v.rows()
	switch {
	case len(v.MembersBy) == 0:
		return sheet{why: "the result has no figures by population"}
	case len(rows) == 0:
		return sheet{why: "nobody tried to send after the warm-up"}
	}
	return sheet{
		sentence: populationsSentence(rows),
		replicas: v.means(),
		draw:     func(s *surface) { drawPopulations(s, v, rows) },
	}
}

// succeeded returns the share of a row's attempts that were carried out.
func (p *population) succeeded() float64 {
	return float64(p.attempts["sent"]+p.attempts["connected"]) / float64(total(p.attempts))
}

func populationsSentence(rows []population) string {
	best, worst := rows[0], rows[0]
	for _, row := range rows {
		if row.succeeded() > best.succeeded() {
			best = row
		}
		if row.succeeded() < worst.succeeded() {
			worst = row
		}
	}
	if len(rows) == 1 {
		return fmt.Sprintf("%s of the attempts of %s succeed.", figure.Share(best.succeeded()), best.name)
	}
	if figure.Share(best.succeeded()) == figure.Share(worst.succeeded()) {
		return fmt.Sprintf("%s of the attempts succeed in every population.", figure.Share(best.succeeded()))
	}
	return fmt.Sprintf("%s succeeds most often, in %s of its attempts; %s least often, in %s.",
		best.name, figure.Share(best.succeeded()), worst.name, figure.Share(worst.succeeded()))
}

// bar is one panel of the chart: a 100 % bar in every row.
type bar struct {
	title  string
	whole  string // what is 100 %
	words  []string
	name   func(word string) string
	counts func(*population) map[string]uint64
	area   box
}

// numbers is the room for a count behind a bar.
const numbers = 100.0

// populationBars returns the two panels of the chart, without their places.
func (v *view) populationBars() (attempts, ends bar) {
	attempts = bar{
		title: "attempts to send: outcome", whole: "of all attempts", words: append(sendWords(), otherOutcome), name: v.outcomeName,
		counts: func(p *population) map[string]uint64 { return p.attempts },
	}
	ends = bar{
		title: "invitations: what became of them", whole: v.endsWhole(), words: endWords(), name: endName,
		counts: func(p *population) map[string]uint64 { return p.ends },
	}
	return attempts, ends
}

// legend returns the entries of what occurs in some row; of a single row they say the shares too.
func (b *bar) legend(rows []population) []legendEntry {
	var entries []legendEntry
	for _, word := range b.words {
		if !slices.ContainsFunc(rows, func(row population) bool { return b.counts(&row)[word] > 0 }) {
			continue
		}
		name := b.name(word)
		if len(rows) == 1 {
			counts := b.counts(&rows[0])
			name += " " + figure.Share(float64(counts[word])/float64(total(counts)))
		}
		entries = append(entries, legendEntry{areaSwatch(paintOf(word)), name})
	}
	return entries
}

func drawPopulations(s *surface, v *view, rows []population) {
	name := lettering{size: labelSize, color: ink()}
	widest := 0.0
	for _, row := range rows {
		widest = max(widest, name.measure(v.shortName(row.name)))
	}
	left := pageMargin + widest + 14
	if len(rows) == 1 {
		drawAlone(s, v, rows, left)
		return
	}
	width := chartWidth - pageMargin - left - 2*numbers - 16
	attempts, ends := v.populationBars()
	attempts.area = box{left, 0, left + float64(width*0.58), 0}
	ends.area = box{attempts.area.right + numbers + 16, 0, chartWidth - pageMargin - numbers, 0}
	top := 0.0
	for _, b := range []*bar{&attempts, &ends} {
		top = max(top, b.head(s, rows, 98))
	}
	top += 22
	pitch := min((chartHeight-52-top)/float64(len(rows)), 140)
	for i := range rows {
		middle := top + float64(pitch*(float64(i)+0.5))
		s.text(name, point{pageMargin, middle + 5.5}, v.shortName(rows[i].name))
		attempts.draw(s, &rows[i], middle, pitch)
		ends.draw(s, &rows[i], middle, pitch)
	}
	bottom := top + float64(pitch*float64(len(rows))) + 4
	attempts.percent(s, bottom)
	ends.percent(s, bottom)
}

// drawAlone draws the bars of a single population one below the other, each as wide as the page: side by side they would leave half
// of it empty.
func drawAlone(s *surface, v *view, rows []population, left float64) {
	const panel = (chartHeight - 92) / 2
	attempts, ends := v.populationBars()
	for i, b := range []*bar{&attempts, &ends} {
		title := 98 + float64(i)*panel
		b.area = box{left, 0, chartWidth - pageMargin - numbers, 0}
		top := b.head(s, rows, title) + 6
		bottom := title + panel - 54
		middle := (top + bottom) / 2
		s.text(lettering{size: labelSize, color: ink()}, point{pageMargin, middle + 5.5}, v.shortName(rows[0].name))
		b.draw(s, &rows[0], middle, bottom-top)
		b.percent(s, bottom)
	}
}

// head writes the title of a panel, its base line at y, what is 100 %, and the legend below that, and returns the base line of the legend.
func (b *bar) head(s *surface, rows []population, y float64) float64 {
	s.text(lettering{size: labelSize, color: ink(), bold: true}, point{b.area.left, y}, b.title)
	s.text(lettering{size: noteSize, color: greyInk()}, point{b.area.left, y + 19}, b.whole)
	return s.legend(b.legend(rows), b.area.left, b.area.right+numbers-10, y+45)
}

// draw draws the bar of one row, with shares where they fit, and the count behind it.
func (b *bar) draw(s *surface, row *population, middle, pitch float64) {
	counts := b.counts(row)
	all := total(counts)
	half := min(pitch*0.36, 40)
	s.text(lettering{size: labelSize, color: greyInk()}, point{b.area.right + 8, middle + 5.5}, figure.Count(all))
	if all == 0 {
		return
	}
	left := b.area.left
	for _, word := range b.words {
		if counts[word] == 0 {
			continue
		}
		share := float64(counts[word]) / float64(all)
		part := box{left, middle - half, left + float64(share*b.area.width()), middle + half}
		look := paintOf(word)
		s.fillBox(look.color, part)
		s.hatch(look, []box{part})
		if word == outstandingWord {
			s.outline(stroke{color: rgb(0xA8A8A8), width: 0.75}, part)
		}
		s.line(stroke{color: white(), width: 1}, point{part.right, part.top}, point{part.right, part.bottom})
		b.share(s, look, part, share)
		left = part.right
	}
}

// share writes how much a part of a bar is, where it has room.
func (b *bar) share(s *surface, look paint, part box, share float64) {
	text := figure.Share(share)
	words := lettering{size: noteSize, color: white(), bold: true, anchor: atMiddle}
	if light(look.color) {
		words.color = ink()
	}
	width := words.measure(text)
	if width+12 > part.width() {
		return
	}
	middle := point{(part.left + part.right) / 2, (part.top+part.bottom)/2 + 5}
	if look.hatch != plain {
		s.fillBox(look.color, box{middle.x - width/2 - 4, middle.y - 13, middle.x + width/2 + 4, middle.y + 4})
	}
	s.text(words, middle, text)
}

// percent draws the axis below the bars.
func (b *bar) percent(s *surface, y float64) {
	look := lettering{size: labelSize, color: greyInk(), anchor: atMiddle}
	s.line(stroke{color: ink(), width: 1.25}, point{b.area.left, y}, point{b.area.right, y})
	for _, mark := range []string{"0", "50", "100 %"} {
		x := b.area.left
		switch mark {
		case "50":
			x = (b.area.left + b.area.right) / 2
		case "100 %":
			x = b.area.right
		}
		s.line(stroke{color: greyInk(), width: 1}, point{x, y}, point{x, y + 6})
		s.text(look, point{x, y + 23}, mark)
	}
}
