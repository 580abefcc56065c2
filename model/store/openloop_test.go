package store_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"invitesim/model"
	"invitesim/model/store"
	"invitesim/sim"
	"invitesim/sim/latency"
)

const (
	openWorkers = 2
	// openPairs are the pairs that tables are made for: those that a minute at the highest rate leaves connected or cooling down, and those outstanding.
	openPairs = 64_000_000
	// openAhead is how many commands of its schedule a worker looks ahead, to ask for their memory: a power of two.
	openAhead = 16
)

// openWorker gives commands at planned instants, a fixed interval apart. It never drops one: what is late is done late, and waits in the response.
type openWorker struct {
	mix      *mix
	commands [openAhead]model.Command // the next ones, each at its number's remainder
	given    int                      // so many have been given
	response *latency.Histogram       // from the planned instant, nanoseconds
	service  *latency.Histogram       // from the start
	gaps     *latency.Gaps            // what the machine takes away while the worker waits
}

// draw draws the command that comes openAhead behind the next one, and asks for its memory.
func (w *openWorker) draw(s *store.Store) {
	c := w.mix.next()
	w.commands[w.given%openAhead] = c
	s.Prefetch(c.Actor, c.Peer)
}

// give gives so many commands, one each interval from the planned instant of the first on, all in nanoseconds since begin.
func (w *openWorker) give(s *store.Store, begin time.Time, first, interval int64, count int) {
	now := time.Since(begin).Nanoseconds()
	for i := range int64(count) {
		due := first + i*interval
		for w.gaps.Resume(now); now < due; w.gaps.Reading(now) {
			now = time.Since(begin).Nanoseconds()
		}
		var answer model.Answer
		c := &w.commands[w.given%openAhead]
		s.Decide(w.mix.now, c, &answer)
		started := now
		now = time.Since(begin).Nanoseconds()
		w.service.Record(now - started)
		w.response.Record(now - due)
		if c.Verb == model.Send {
			w.mix.note(c, answer)
		}
		w.mix.pass(1)
		w.draw(s)
		w.given++
	}
}

// BenchmarkOpenLoop is an open loop on the shared store alone, without people: two workers, one million members, ten million invitations
// outstanding all the time. Each round is a second of the schedule: -benchtime 60x holds the rate for a minute.
func BenchmarkOpenLoop(b *testing.B) {
	for _, rate := range []int{500_000, 1_000_000, 2_000_000} {
		b.Run(fmt.Sprintf("members=1M/outstanding=10M/rate=%dk", rate/1000), func(b *testing.B) {
			s := benchStore(b, false, openPairs)
			workers := newOpenWorkers(s)
			interval := int64(openWorkers * time.Second.Nanoseconds() / int64(rate))
			var begin time.Time
			second := int64(0)
			for b.Loop() {
				if second == 0 {
					begin = time.Now()
				}
				var all sync.WaitGroup
				for _, w := range workers {
					all.Go(func() { w.give(s, begin, second*time.Second.Nanoseconds(), interval, rate/openWorkers) })
				}
				all.Wait()
				second++
			}
			reportOpen(b, workers, float64(second)/time.Since(begin).Seconds())
		})
	}
}

// newOpenWorkers returns workers whose earlier sends have left ten million invitations outstanding, which stay as many.
func newOpenWorkers(s *store.Store) []*openWorker {
	var workers []*openWorker
	for worker := range openWorkers {
		most := benchOutstanding / openWorkers
		w := &openWorker{
			mix:      &mix{rand: rand.New(rand.NewPCG(uint64(worker), 2)), open: make([]invited, 0, most+1), most: most},
			response: latency.NewHistogram(), service: latency.NewHistogram(), gaps: latency.NewGaps(),
		}
		w.mix.fill(s, most)
		for range openAhead {
			w.draw(s)
			w.given++
		}
		workers = append(workers, w)
	}
	return workers
}

// reportOpen reports what the workers measured, which share of what was offered was done in its time, and what the machine took away meanwhile.
func reportOpen(b *testing.B, workers []*openWorker, achieved float64) {
	b.Helper()
	response, service := latency.NewHistogram(), latency.NewHistogram()
	var gaps []*latency.Gaps
	for _, w := range workers {
		response.Merge(w.response)
		service.Merge(w.service)
		gaps = append(gaps, w.gaps)
	}
	hiccups := latency.Report(&sim.Result{}, b.Elapsed(), nil, gaps)
	b.ReportMetric(achieved, "achieved/offered")
	for thousandths, name := range map[uint64]string{500: "p50", 900: "p90", 990: "p99", 999: "p99.9"} {
		b.ReportMetric(float64(response.Percentile(thousandths)), "response-"+name+"-ns")
	}
	b.ReportMetric(float64(service.Percentile(500)), "service-p50-ns")
	if hiccups.P999NS != nil {
		b.ReportMetric(float64(*hiccups.P999NS), "hiccup-p99.9-ns")
	}
	if hiccups.LostShare != nil {
		b.ReportMetric(*hiccups.LostShare, "lost")
	}
	b.ReportMetric(0, "ns/op")
}
