package main

import (
	"io"
	"math"
	"os"
	"sync"
	"time"

	"golang.org/x/term"

	"invitesim/reports/figure"
	"invitesim/sim/virtual"
)

// progressEvery is how often a run that nobody watches on a terminal says how far it is.
const progressEvery = 10 * time.Second

// redrawEvery is how often a line that changes may change.
const redrawEvery = 100 * time.Millisecond

// progress tells on stderr how far a run is: in a line that changes on a terminal, else in a line now and then, so that logs stay readable.
// It may be called from several goroutines.
type progress struct {
	mu    sync.Mutex
	out   io.Writer
	name  string
	now   func() time.Time
	began time.Time
	next  time.Time          // of the next line, or of the next change of the line
	runs  []virtual.Progress // how far each replica is
	live  *liveLine          // nil without a terminal
}

// newProgress starts to tell how far so many runs of that name are, on stderr; nil (which does nothing) with --quiet.
func (c *call) newProgress(name string, replicas int) *progress {
	if c.quiet {
		return nil
	}
	p := &progress{out: c.stderr, name: name, now: time.Now, runs: make([]virtual.Progress, replicas), live: c.newLiveLine()}
	p.start()
	return p
}

func (p *progress) start() {
	p.began = p.now()
	p.next = p.began.Add(p.pause())
}

// pause is how long nothing is told after something was.
func (p *progress) pause() time.Duration {
	if p.live != nil {
		return redrawEvery
	}
	return progressEvery
}

// due says whether to tell something now, and then waits for the next time.
func (p *progress) due() bool {
	now := p.now()
	if now.Before(p.next) {
		return false
	}
	p.next = now.Add(p.pause())
	return true
}

// update says how far one of the runs is.
func (p *progress) update(run virtual.Progress) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.runs[run.Replica] = run
	if !p.due() {
		return
	}
	share, commands := p.total()
	elapsed := p.now().Sub(p.began).Seconds()
	rate := figure.Number(float64(commands)/max(elapsed, 1e-3)) + " commands/s"
	if p.live != nil {
		p.live.write(fitted([]part{
			{text: p.name, head: true, rank: 2},
			{text: rate},
			{text: secondsLeft(elapsed, share), rank: 1},
		}, share, p.live.room()))
		return
	}
	left := "?"
	if share > 0 {
		left = figure.Duration(elapsed * (1 - share) / share)
	}
	writePlain(p.out, "%s: %s done, %s commands, %s, %s left\n", p.name, figure.Share(share), figure.Count(commands), rate, left)
}

// secondsLeft says how long a run still takes of which that share is done after so many seconds: to the second, so that the line that changes
// stands still for a while.
func secondsLeft(elapsed, share float64) string {
	left := math.Ceil(elapsed * (1 - share) / share)
	if share <= 0 || left >= 1000*3600 {
		return "? left"
	}
	return (time.Duration(left) * time.Second).String() + " left"
}

// total returns which share of all runs is done, and with how many commands.
func (p *progress) total() (share float64, commands uint64) {
	for _, run := range p.runs {
		commands += run.Commands
		if run.End > 0 {
			share += float64(run.At) / float64(run.End) / float64(len(p.runs))
		}
	}
	return share, commands
}

// done takes the line away.
func (p *progress) done() {
	if p == nil || p.live == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.live.clear()
}

// isTerminal says whether somebody watches a stream.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// plainWidth is the width of what is printed where there is no terminal to ask.
const plainWidth = 100

// terminal returns the width of stdout in characters, and whether it takes colours: it is a terminal, and NO_COLOR is not set.
func (c *call) terminal() (width int, coloured bool) {
	if !isTerminal(c.stdout.to) {
		return plainWidth, false
	}
	off, _ := c.env("NO_COLOR")
	return columns(c.stdout.to.(*os.File)), off == ""
}
