package virtual

import (
	"bufio"
	"strconv"

	"invitesim/model"
	"invitesim/model/trace"
	"invitesim/sim"
	"invitesim/sim/people"
)

// outlet writes down what happens as a trace, if one is asked for.
type outlet struct {
	writer *bufio.Writer // nil without a trace
	line   []byte
	policy model.Policy  // in force
	last   model.Instant // of the last line
	err    error         // the first error of the trace's writer
}

// newOutlet starts the trace.
func newOutlet(plan *sim.Plan, o Options) *outlet {
	out := &outlet{policy: plan.Policy}
	if o.Trace == nil {
		return out
	}
	out.writer = bufio.NewWriterSize(o.Trace, 1<<16)
	header := trace.Trace{
		Policy: plan.Policy, Members: plan.Members(), Start: model.Calendar{Start: plan.Start}, Seed: plan.Seed,
	}
	out.line = trace.AppendHeader(out.line, &header)
	out.flush()
	return out
}

// flush hands the line to the writer.
func (o *outlet) flush() {
	if _, err := o.writer.Write(o.line); err != nil && o.err == nil {
		o.err = err
	}
	o.line = o.line[:0]
}

// equip writes what a member has when the run starts. Inbound settings are commands, and written as such.
func (o *outlet) equip(m model.Member, start people.Start) {
	if o.writer == nil {
		return
	}
	if start.AccountAge > 0 {
		o.line = append(o.line, "opened "...)
		o.line = strconv.AppendUint(o.line, uint64(m), 10)
		o.line = append(append(append(o.line, " -"...), start.AccountAge.String()...), '\n')
	}
	if start.Connections > 0 {
		o.line = append(o.line, "outside "...)
		o.line = strconv.AppendUint(o.line, uint64(m), 10)
		o.line = strconv.AppendUint(append(o.line, ' '), uint64(start.Connections), 10)
		o.line = append(o.line, '\n')
	}
	o.flush()
}

// setUp writes a line of set-up as it was read, without its remarks.
func (o *outlet) setUp(line *trace.Line) {
	if o.writer == nil {
		return
	}
	o.last = trace.Instant(line.Call)
	o.line = append(trace.AppendLine(o.line, line), '\n')
	o.flush()
}

// command writes a decided command.
func (o *outlet) command(t model.Instant, c *model.Command, a *model.Answer) {
	if o.writer != nil {
		o.decided(t, c, a)
	}
}

// decided writes the line of a command.
func (o *outlet) decided(t model.Instant, c *model.Command, a *model.Answer) {
	o.begin(t, c)
	o.line = append(trace.AppendAnswer(o.line, *a), '\n')
	o.flush()
}

// query writes an answered query.
func (o *outlet) query(t model.Instant, c *model.Command, r *model.Reply) {
	if o.writer == nil {
		return
	}
	o.begin(t, c)
	o.line = append(trace.AppendReply(o.line, c.Verb, *r), '\n')
	o.flush()
}

// begin starts a line up to the answer.
func (o *outlet) begin(t model.Instant, c *model.Command) {
	o.last = t
	o.line = append(append(o.line, t.String()...), ' ')
	o.line = append(trace.AppendCommand(o.line, c), " -> "...)
}

// changePolicy writes a change of policy: the settings that differ. It returns what they change to.
func (o *outlet) changePolicy(t model.Instant, p *model.Policy) (changed map[string]string) {
	differ := model.DiffPolicies(&o.policy, p)
	o.policy = *p
	changed = map[string]string{}
	for _, d := range differ {
		changed[d.Path] = d.B
	}
	if o.writer == nil || len(differ) == 0 {
		return changed
	}
	o.last = t
	o.line = append(append(o.line, t.String()...), " policy"...)
	for _, d := range differ {
		o.line = append(append(append(append(o.line, ' '), d.Path...), '='), d.B...)
	}
	o.line = append(o.line, '\n')
	o.flush()
	return changed
}

// close ends the trace at an instant. Its last line lets the time pass up to the last instant, so that a replay of it lasts as long.
func (o *outlet) close(end model.Instant) {
	if o.writer == nil {
		return
	}
	o.line = append(append(o.line, o.last.String()...), " advance "...)
	o.line = append(append(o.line, (end-1-o.last).String()...), '\n')
	o.flush()
	if err := o.writer.Flush(); err != nil && o.err == nil {
		o.err = err
	}
}
