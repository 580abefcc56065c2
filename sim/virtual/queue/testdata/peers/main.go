// Peers runs the hold model on one discrete-event engine and prints how fast it was: 1000 processes, or pending events, each of
// which waits an exponential time, again and again. run.sh runs all of them and compares.
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"syscall"
	"time"

	"github.com/agoussia/godes"
	"github.com/fschuetz04/simgo"

	"invitesim/sim/virtual/queue"
)

const processes = 1000

// engines take waits in turn until so many events have happened.
type engine struct {
	name   string
	events int // enough for about a second
	run    func(events int)
}

func engines() []engine {
	return []engine{
		{"queue", 20_000_000, holdQueue},
		{"simgo-callbacks", 1_000_000, holdCallbacks},
		{"simgo-processes", 200_000, holdProcesses},
		{"godes", 100_000, holdGodes},
	}
}

func main() {
	if len(os.Args) == 2 {
		for _, e := range engines() {
			if e.name == os.Args[1] {
				measure(e)
				return
			}
		}
	}
	fmt.Fprintln(os.Stderr, "usage: peers queue|simgo-callbacks|simgo-processes|godes")
	os.Exit(2)
}

// measure prints the engine's name, its events, and the seconds they took by the clock and of processor time.
func measure(e engine) {
	e.run(e.events / 20) // to warm up
	wall, processor := time.Now(), processorTime()
	e.run(e.events)
	fmt.Printf("%s %d %.6f %.6f\n", e.name, e.events, time.Since(wall).Seconds(), (processorTime() - processor).Seconds())
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// waits gives the same exponential waits of mean 1 to each engine, from a table: their making is not what is measured.
type waits struct {
	table [1 << 14]float64
	next  uint
}

func newWaits() *waits {
	w, random := &waits{}, rand.New(rand.NewPCG(1, 2))
	for i := range w.table {
		w.table[i] = random.ExpFloat64()
	}
	return w
}

func (w *waits) draw() float64 {
	w.next++
	return w.table[w.next%uint(len(w.table))]
}

// holdQueue calls a handler for each event, as the engines that it is compared with do.
func holdQueue(events int) {
	w, q, done := newWaits(), &queue.Queue{}, 0
	defer q.Release()
	var handlers [processes]func(e queue.Event)
	for i := range handlers {
		handlers[i] = func(e queue.Event) {
			done++
			q.Push(queue.Event{At: e.At + uint64(w.draw()*1e9), Key: e.Key})
		}
		q.Push(queue.Event{At: uint64(w.draw() * 1e9), Key: uint64(i)})
	}
	for done < events {
		e, _ := q.Pop()
		handlers[e.Key](e)
	}
}

func holdCallbacks(events int) {
	w, simulation, done := newWaits(), simgo.NewSimulation(), 0
	var again func(*simgo.Event)
	again = func(*simgo.Event) {
		done++
		simulation.Timeout(w.draw()).AddHandler(again)
	}
	for range processes {
		simulation.Timeout(w.draw()).AddHandler(again)
	}
	for done < events {
		simulation.Step()
	}
}

func holdProcesses(events int) {
	w, simulation, done := newWaits(), simgo.NewSimulation(), 0
	for range processes {
		simulation.Process(func(process simgo.Process) {
			for {
				process.Wait(process.Timeout(w.draw()))
				done++
			}
		})
	}
	for done < events {
		simulation.Step()
	}
	simulation.Shutdown()
}

// runner is a process of godes; its Run is called once.
type runner struct {
	*godes.Runner
	waits  *waits
	done   *int
	events int
}

func (r *runner) Run() {
	for *r.done < r.events {
		godes.Advance(r.waits.draw())
		*r.done++
	}
}

func holdGodes(events int) {
	w, done := newWaits(), 0
	godes.Run()
	for range processes {
		godes.AddRunner(&runner{&godes.Runner{}, w, &done, events})
	}
	godes.WaitUntilDone()
	godes.Clear()
}
