package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"invitesim/model"
	"invitesim/reports/baseline"
	"invitesim/scenarios"
	"invitesim/sim"
	"invitesim/sim/virtual"
)

// edits are the settings and fields that differ from those that were accepted.
func (s *subject) edits() []baseline.Edit {
	var all []baseline.Edit
	if s.base.Policy != s.plan.Policy.Name {
		all = append(all, baseline.Edit{What: "policy", Base: s.base.Policy, Now: s.plan.Policy.Name})
	}
	all = append(all, baseline.Edits("policy.", s.base.Settings, s.result.Policy.Settings)...)
	if _, accepted := s.accepted(); accepted != nil {
		all = append(all, baseline.Edits("", people(accepted), people(s.document))...)
	}
	return all
}

// people are the fields of a scenario that make its history, apart from the policy, whose settings are compared one by one.
func people(document *scenarios.Document) map[string]string {
	fields := map[string]string{}
	for _, field := range document.Fields {
		top, _, _ := strings.Cut(strings.ReplaceAll(field.Path, "[", "."), ".")
		if !slices.Contains([]string{"scenario", "purpose", "policy", "thresholds", "seed"}, top) {
			fields[field.Path] = field.Value
		}
	}
	return fields
}

// accepted returns the scenario as it was when its figures were accepted, nil where it cannot be put together any more.
func (s *subject) accepted() (*sim.Plan, *scenarios.Document) {
	from := scenarios.Source{Name: s.baseFile, Text: strings.NewReader(s.base.Text), Files: folder(path.Dir(s.path))}
	plan, document, mistakes := scenarios.Load(from, scenarios.Options{})
	if len(mistakes) > 0 {
		return nil, nil
	}
	policy, err := s.base.AcceptedPolicy()
	if err != nil {
		return nil, document
	}
	plan.Policy = policy
	return plan, document
}

// folder reads files by paths from a directory on.
type folder string

// Open opens the named file for reading.
func (f folder) Open(name string) (fs.File, error) {
	if !filepath.IsAbs(filepath.FromSlash(name)) {
		name = path.Join(string(f), name)
	}
	return os.Open(filepath.FromSlash(name))
}

// parting finds out where the history parts from the accepted one: at which command, if what was accepted can be run once more,
// and else between which two checkpoints.
func (s *subject) parting(ctx context.Context, now *baseline.Baseline) *baseline.Parting {
	plan, _ := s.accepted()
	if plan != nil && s.base.ScenarioDigest != now.ScenarioDigest {
		again, _, err := virtual.Run(ctx, plan, virtual.Options{})
		if err == nil && again.Digest == s.base.Digest {
			return s.firstDifference(ctx, plan)
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	from, until := s.base.Checkpoints.Parting(&now.Checkpoints, model.Instant(s.plan.Duration))
	note := fmt.Sprintf("They are the same up to %s, and differ somewhere before %s. The first commands from there on are now:", from, until)
	if s.base.ScenarioDigest == now.ScenarioDigest {
		note = "Nothing in the scenario was changed: the program itself does otherwise than it did. " + note
	}
	p := &baseline.Parting{Note: note}
	const shown = 5
	_ = commandsOf(ctx, s.plan, func(line string) bool {
		if at, err := model.ParseDuration(strings.Fields(line)[0]); err == nil && at.Seconds() >= float64(from) {
			p.Now = append(p.Now, line)
		}
		return len(p.Now) < shown
	})
	return p
}

// firstDifference runs what was accepted and what is there now side by side until a command differs.
func (s *subject) firstDifference(ctx context.Context, accepted *sim.Plan) *baseline.Parting {
	both, stop := context.WithCancel(ctx)
	defer stop()
	before, now := commandBatches(both, accepted), commandBatches(both, s.plan)
	var a, b []string
	common := 0
	for {
		if len(a) == 0 {
			a = <-before
		}
		if len(b) == 0 {
			b = <-now
		}
		if len(a) == 0 && len(b) == 0 {
			return nil // other histories with the same commands are none: only an interrupted run gets here
		}
		n := 0
		for n < len(a) && n < len(b) && a[n] == b[n] {
			n++
		}
		common, a, b = common+n, a[n:], b[n:]
		if len(a) > 0 && len(b) > 0 || n == 0 {
			break
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	stop()
	p := &baseline.Parting{Base: first(a), Now: []string{first(b)}}
	p.Before = s.earlier(ctx, common, first(a), first(b))
	p.Members = s.whoIsWho(first(a), first(b))
	return p
}

// first is the first of some lines, where there is one.
func first(lines []string) string {
	if len(lines) == 0 {
		return "(no command any more)"
	}
	return lines[0]
}

// earlier returns the last few of so many commands that concern the members of some lines, those of the same two people before others.
func (s *subject) earlier(ctx context.Context, common int, lines ...string) []string {
	const most = 4
	pair, single := membersOf(lines[0]), membersOf(lines...)
	type entry struct {
		index int
		line  string
	}
	var ofPair, ofSingle []entry
	keep := func(list []entry, e entry) []entry { return append(list[max(0, len(list)-most+1):], e) }
	index := 0
	_ = commandsOf(ctx, s.plan, func(line string) bool {
		if index == common {
			return false
		}
		switch in := membersOf(line); {
		case len(pair) == 2 && slices.Contains(in, pair[0]) && slices.Contains(in, pair[1]):
			ofPair = keep(ofPair, entry{index, line})
		case slices.ContainsFunc(in, func(member string) bool { return slices.Contains(single, member) }):
			ofSingle = keep(ofSingle, entry{index, line})
		}
		index++
		return true
	})
	chosen := append(slices.Clone(ofPair), ofSingle[max(0, len(ofSingle)-most+len(ofPair)):]...)
	slices.SortFunc(chosen, func(a, b entry) int { return a.index - b.index })
	var told []string
	for _, e := range chosen {
		told = append(told, e.line)
	}
	return told
}

// membersOf returns the numbers of those whom lines of a trace concern, each once.
func membersOf(lines ...string) []string {
	var all []string
	for _, line := range lines {
		words := strings.Fields(line)
		for i := 2; i < min(len(words), 4); i++ {
			if _, err := strconv.ParseUint(words[i], 10, 32); err == nil && !slices.Contains(all, words[i]) {
				all = append(all, words[i])
			}
		}
	}
	return all
}

// whoIsWho says of which populations the members of some lines are.
func (s *subject) whoIsWho(lines ...string) string {
	var all []string
	for _, member := range membersOf(lines...) {
		number, _ := strconv.ParseUint(member, 10, 32)
		for i := range s.plan.Populations {
			if p := &s.plan.Populations[i]; uint32(number) >= uint32(p.First) && uint32(number) < uint32(p.First)+p.Count {
				all = append(all, member+" is one of "+p.Name)
			}
		}
	}
	return strings.Join(all, ", ")
}

// errEnough ends a run whose commands nobody wants any more.
var errEnough = errors.New("enough commands")

// commandsOf runs a plan and hands each of its commands, as text, to each, which says whether it wants more.
func commandsOf(ctx context.Context, plan *sim.Plan, each func(line string) bool) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	_, _, err := virtual.Run(ctx, plan, virtual.Options{Trace: &commandWriter{each: each}})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// commandWriter takes a trace and hands on its commands, without header, set-up and queries.
type commandWriter struct {
	each func(line string) bool
	rest []byte // of a line whose end is not there yet
	done bool
}

func (w *commandWriter) Write(text []byte) (int, error) {
	if w.done {
		return 0, errEnough
	}
	w.rest = append(w.rest, text...)
	for {
		line, rest, whole := bytes.Cut(w.rest, []byte("\n"))
		if !whole {
			return len(text), nil
		}
		if isCommand(line) && !w.each(strings.Join(strings.Fields(string(line)), " ")) {
			w.done = true
			return 0, errEnough
		}
		w.rest = rest
	}
}

// isCommand says whether a line of a trace is a command with its answer.
func isCommand(line []byte) bool {
	_, behind, _ := bytes.Cut(line, []byte(" "))
	word, _, _ := bytes.Cut(bytes.TrimLeft(behind, " "), []byte(" "))
	verb, known := model.ParseVerb(string(word))
	return known && !verb.IsQuery()
}

// commandBatches runs a plan in a goroutine of its own and sends its commands, many at a time; then it closes the channel.
func commandBatches(ctx context.Context, plan *sim.Plan) <-chan []string {
	const batch = 512
	out := make(chan []string, 2)
	send := func(lines []string) bool {
		select {
		case out <- lines:
			return true
		case <-ctx.Done():
			return false
		}
	}
	go func() {
		defer close(out)
		var lines []string
		_ = commandsOf(ctx, plan, func(line string) bool {
			lines = append(lines, line)
			if len(lines) < batch {
				return true
			}
			full := lines
			lines = make([]string, 0, batch)
			return send(full)
		})
		if len(lines) > 0 {
			send(lines)
		}
	}()
	return out
}
