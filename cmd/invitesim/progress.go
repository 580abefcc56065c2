package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"invitesim/reports/figure"
	"invitesim/sim/virtual"
)

// progressEvery is how often a run that nobody watches on a terminal says how far it is.
const progressEvery = 10 * time.Second

// progress tells on stderr how far a run is: a bar on a terminal, else a line now and then, so that logs stay readable.
// It may be called from several goroutines.
type progress struct {
	mu    sync.Mutex
	out   io.Writer
	name  string
	now   func() time.Time
	began time.Time
	next  time.Time                // of the next line
	runs  []virtual.Progress       // how far each replica is
	bar   *progressbar.ProgressBar // nil without a terminal
}

// barSteps is the resolution of the bar.
const barSteps = 1000

// newProgress starts to tell how far so many runs of that name are, on stderr; nil (which does nothing) with --quiet.
func (c *call) newProgress(name string, replicas int) *progress {
	if c.quiet {
		return nil
	}
	p := &progress{out: c.stderr, name: name, now: time.Now, runs: make([]virtual.Progress, replicas)}
	p.start()
	if isTerminal(c.stderr) {
		p.bar = progressbar.NewOptions(barSteps,
			progressbar.OptionSetWriter(c.stderr),
			progressbar.OptionSetDescription(name),
			progressbar.OptionSetWidth(30),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionSetElapsedTime(false),
			progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

func (p *progress) start() {
	p.began = p.now()
	p.next = p.began.Add(progressEvery)
}

// update says how far one of the runs is.
func (p *progress) update(run virtual.Progress) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.runs[run.Replica] = run
	share, commands := p.total()
	now := p.now()
	rate := float64(commands) / max(now.Sub(p.began).Seconds(), 1e-3)
	if p.bar != nil {
		p.bar.Describe(fmt.Sprintf("%s, %s commands/s", p.name, figure.Number(rate)))
		_ = p.bar.Set(int(share * barSteps)) // a terminal that went away is no reason to stop
		return
	}
	if now.Before(p.next) {
		return
	}
	p.next = now.Add(progressEvery)
	left := "?"
	if share > 0 {
		left = figure.Duration(now.Sub(p.began).Seconds() * (1 - share) / share)
	}
	writePlain(p.out, "%s: %s done, %s commands, %s commands/s, %s left\n",
		p.name, figure.Share(share), figure.Count(commands), figure.Number(rate), left)
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

// done takes the bar away.
func (p *progress) done() {
	if p == nil || p.bar == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.bar.Finish()
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
	width, _, err := term.GetSize(int(c.stdout.to.(*os.File).Fd()))
	if err != nil || width <= 0 {
		width = plainWidth
	}
	return width, off == ""
}
