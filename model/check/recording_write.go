package check

import (
	"bufio"
	"context"
	"io"
	"slices"

	"invitesim/model"
	"invitesim/model/trace"
)

const (
	// writtenAtOnce is about how many calls are put in order and written at a time.
	writtenAtOnce = 1 << 16
	// sampled is of how many calls in a row one tells where such a part may end.
	sampled = 64
)

// Write writes the head of a trace: the world, and what was done before the first recorded command. Behind it comes what Recording.Write writes. When the context is
// done it leaves the rest out, and whole is false. The error is that of the writer.
func (u *SetUp) Write(ctx context.Context, to io.Writer) (whole bool, err error) {
	out := bufio.NewWriterSize(to, 1<<20)
	out.Write(trace.AppendHeader(nil, u.head()))
	if u.Lines == nil {
		return true, out.Flush()
	}
	n := 0
	var text []byte
	for line := range u.Lines {
		if n++; n%writtenAtOnce == 0 && ctx.Err() != nil {
			return false, out.Flush()
		}
		text = append(trace.AppendLine(text[:0], &line), '\n')
		out.Write(text)
	}
	return true, out.Flush()
}

// Write writes the recorded calls as the lines of a trace, behind the head that SetUp.Write writes, in the order of decisions. The time of a line is the second of
// its decision, and within it when it was called and answered by the recording's clock, counted from the first call of that second; where a second
// saw more than a second of the clock, the times in it are squeezed. A change of policy stands where its call ended; calls that overlap it are
// drawn out beyond it.
//
// When the context is done it leaves the rest out, and whole is false: then the trace has all that was decided before an instant. The error is that of the writer.
func (r *Recording) Write(ctx context.Context, to io.Writer, setUp SetUp) (until model.Instant, whole bool, err error) {
	out := bufio.NewWriterSize(to, 1<<20)
	var text []byte
	write := func(line *trace.Line) {
		text = append(trace.AppendLine(text[:0], line), '\n')
		out.Write(text)
	}
	h, parts := r.parts()
	from, policy := int64(0), &setUp.Policy
	for _, cut := range cuts(parts) {
		if err := out.Flush(); err != nil || ctx.Err() != nil {
			return model.Instant(from), false, err
		}
		h.take(parts, from, cut)
		policy, from = h.calls(policy, write), cut
	}
	return 0, true, out.Flush()
}

// cuts returns the seconds at which the parts of a recording that are written at once end, the last of them behind all.
func cuts(parts []part) []int64 {
	var sample []uint32
	for i := range parts {
		for k := 0; k < len(parts[i].recorded); k += sampled {
			sample = append(sample, parts[i].recorded[k].at)
		}
	}
	slices.Sort(sample)
	var all []int64
	for i := writtenAtOnce / sampled; i < len(sample); i += writtenAtOnce / sampled {
		if at := int64(sample[i]); len(all) == 0 || at > all[len(all)-1] {
			all = append(all, at)
		}
	}
	return append(all, beyond)
}
