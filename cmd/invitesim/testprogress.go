package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"invitesim/reports/figure"
	"invitesim/sim/virtual"
)

// testProgress tells on stderr which scenarios are through, one line each; on a terminal also, in a line that changes, how far the others are.
type testProgress struct {
	mu       sync.Mutex
	out      io.Writer
	live     *liveLine // nil without a terminal
	subjects []*subject
	share    map[*subject][]float64 // of each replica, while it runs
	through  int
	widest   int // of the names
	next     time.Time
}

// newTestProgress starts to tell; nil (which tells nothing) with --quiet.
func (c *call) newTestProgress(subjects []*subject) *testProgress {
	if c.quiet {
		return nil
	}
	p := &testProgress{out: c.stderr, live: c.newLiveLine(), subjects: subjects, share: map[*subject][]float64{}}
	for _, s := range subjects {
		p.widest = max(p.widest, len(s.plan.Name))
	}
	return p
}

// update says how far a replica of a scenario is.
func (p *testProgress) update(s *subject, run virtual.Progress, replicas int) {
	if p == nil || p.live == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.share[s] == nil {
		p.share[s] = make([]float64, replicas)
	}
	p.share[s][run.Replica] = float64(run.At) / float64(max(run.End, 1))
	if now := time.Now(); now.After(p.next) {
		p.next = now.Add(redrawEvery)
		p.draw()
	}
}

// finish tells what came of a scenario.
func (p *testProgress) finish(s *subject) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.through++
	delete(p.share, s)
	p.clear()
	writePlain(p.out, "%-11s  %-*s  %s\n", s.verdictWord(), p.widest, s.plan.Name, figure.Duration(s.seconds))
	p.draw()
}

// draw writes the line that changes.
func (p *testProgress) draw() {
	if p.live == nil || p.through == len(p.subjects) {
		return
	}
	words := []string{fmt.Sprintf("%d of %s done", p.through, figure.Plural(uint64(len(p.subjects)), "scenario"))}
	for _, s := range p.subjects {
		if shares := p.share[s]; shares != nil {
			sum := 0.0
			for _, share := range shares {
				sum += share
			}
			words = append(words, fmt.Sprintf("%s %.0f %%", s.plan.Name, 100*sum/float64(len(shares))))
		}
	}
	p.live.write(strings.Join(words, " · "))
}

// clear takes the line that changes away.
func (p *testProgress) clear() {
	if p.live != nil {
		p.live.clear()
	}
}

// done leaves a clean line.
func (p *testProgress) done() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}
