//go:build unix

package wall

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/latency"
)

// stoppedRun names the environment variable that makes TestToBeStopped the run of a process that another test stops.
const stoppedRun = "INVITESIM_STOPPED_RUN"

// wayToRun is how the process runs.
type wayToRun struct {
	Processors, Workers int
	Open, Polite        bool
}

// TestToBeStopped is the process that TestAStopOfTheProcessIsAHiccup stops: it says that it runs, ends when its input does, and tells its hiccups.
func TestToBeStopped(t *testing.T) {
	var way wayToRun
	if err := json.Unmarshal([]byte(os.Getenv(stoppedRun)), &way); err != nil {
		t.Skip("it is for another test")
	}
	plan := everything(t)
	plan.Events, plan.Warmup, plan.Step = nil, 0, 52*model.Week
	plan.Duration = 60 * 52 * model.Week
	plan.Load.Loop, plan.Load.Speed = sim.Closed, float64(plan.Duration)/3600
	if way.Open {
		plan.Load.Loop = sim.Open
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	var once sync.Once
	running := func(Progress) { once.Do(func() { fmt.Println("running") }) }
	result, totals, err := Run(ctx, plan, Options{Workers: way.Workers, Polite: way.Polite, Progress: running})
	if err != nil {
		t.Fatal(err)
	}
	longest := 0.0
	for _, mark := range result.Marks {
		if mark.What == latency.MarkStolen {
			longest = max(longest, mark.ForS)
		}
	}
	fmt.Println(totals.Hiccups.MaxNS, longest)
}

// TestAStopOfTheProcessIsAHiccup: however a run uses the processors, one meter or another sees that the process was stopped.
func TestAStopOfTheProcessIsAHiccup(t *testing.T) {
	for _, way := range []wayToRun{
		{Processors: 2, Workers: 1}, // one is left for a meter that spins
		{Processors: 1, Workers: 1},
		{Processors: 1, Workers: 2},
		{Processors: 1, Workers: 1, Open: true},
		{Processors: 1, Workers: 1, Open: true, Polite: true},
	} {
		t.Run(fmt.Sprintf("%+v", way), func(t *testing.T) { stopRun(t, way) })
	}
}

// stopRun runs in a process of its own, which it stops for a while.
func stopRun(t *testing.T, way wayToRun) {
	t.Helper()
	said, err := json.Marshal(way)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestToBeStopped$")
	command.Env = append(os.Environ(), stoppedRun+"="+string(said), fmt.Sprintf("GOMAXPROCS=%d", way.Processors))
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	pipe, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	stdout := bufio.NewReader(pipe)
	if line, err := stdout.ReadString('\n'); line != "running\n" {
		t.Fatalf("it says %q, %v", line, err)
	}
	stopped := pause(t, command.Process.Pid)
	_ = stdin.Close() // it ends
	var longest int64
	var marked float64
	_, err = fmt.Fscan(stdout, &longest, &marked)
	_, _ = io.Copy(io.Discard, stdout)
	if ended := command.Wait(); err != nil || ended != nil {
		t.Fatalf("%v, %v", err, ended)
	}
	if time.Duration(longest) < stopped || marked < stopped.Seconds() {
		t.Errorf("it was stopped for %v: the longest hiccup is %v, the longest mark %g s", stopped, time.Duration(longest), marked)
	}
}

// pause stops a process for a while, and returns for how long at least.
func pause(t *testing.T, process int) time.Duration {
	t.Helper()
	if err := syscall.Kill(process, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(process, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
		t.Fatalf("it is not stopped: %v, %v", status, err)
	}
	began := time.Now()
	<-time.After(100 * time.Millisecond) // longer than a meter that sleeps takes for the runtime's doing
	length := time.Since(began)
	if err := syscall.Kill(process, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	return length
}
