package check

import (
	"bytes"
	"context"
	"math/rand/v2"
	"testing"

	"invitesim/model"
	"invitesim/model/trace"
)

// longRecording is of more calls than are written at once, with all that is kept aside, and seconds that are in no order from call to call.
func longRecording() (*Recording, SetUp) {
	recording, random := NewRecording(2), rand.New(rand.NewPCG(1, 2))
	for call := range int64(3 * writtenAtOnce) {
		w := recording.Worker(int(call % 2))
		at := model.Instant(max(0, call/100+random.Int64N(5)-10))
		c := model.Command{Verb: model.Send, Actor: 1 + model.Member(call%2), Peer: 3}
		switch call % 1000 {
		case 0, 1:
			c.Key = string(rune('a' + call%26))
		case 2, 3:
			c.Verb = model.QuerySent
			w.RecordList(call*1000, call*1000+500, &c, at, []model.Row{{Peer: model.Member(4 + call%100), State: model.Pending}})
			continue
		case 4:
			p := model.Default()
			p.WeeklyLimit.Count = uint32(call)
			w.RecordPolicy(call*1000, call*1000+500, at, p)
			continue
		}
		w.Record(call*1000, call*1000+500, &c, &model.Answer{Outcome: model.WasSent, At: at})
	}
	return recording, SetUp{Policy: model.Default(), Members: 200, Start: model.Calendar{Start: model.DefaultStart}, Seed: 1}
}

// cutOff is a writer that has its context end when it has been called so often.
type cutOff struct {
	bytes.Buffer
	left   int
	cancel func()
}

func (c *cutOff) Write(text []byte) (int, error) {
	if c.left--; c.left == 0 {
		c.cancel()
	}
	return c.Buffer.Write(text)
}

// TestARecordingIsWrittenPartByPart: what is written in parts is what one history of all of it says, and where there is no time for all, it is the
// beginning of that, up to a second.
func TestARecordingIsWrittenPartByPart(t *testing.T) {
	recording, setUp := longRecording()
	var whole bytes.Buffer
	if _, all, err := recording.Write(t.Context(), &whole, setUp); err != nil || !all {
		t.Fatal(all, err)
	}
	var text []byte
	before := map[model.Instant]int{} // bytes until the second that a line is of
	h := recording.merge()
	h.each(setUp, func(line *trace.Line) {
		at := trace.Instant(line.Call)
		if _, known := before[at]; !known {
			before[at] = len(text)
		}
		text = append(trace.AppendLine(text, line), '\n')
	})
	if !bytes.Equal(whole.Bytes(), text) {
		t.Error("what is written differs from the history of all")
	}
	for writes, last := 1, model.Instant(0); ; writes++ {
		ctx, cancel := context.WithCancel(t.Context())
		out := &cutOff{left: writes, cancel: cancel}
		until, all, err := recording.Write(ctx, out, setUp)
		cancel()
		if err != nil || all || !bytes.Equal(out.Bytes(), text[:before[until]]) {
			t.Fatalf("cut off after %d writes: all of it %v, %d bytes, expected %d until %s; %v", writes, all, out.Len(), before[until], until, err)
		}
		if last > 0 && until > last {
			return
		}
		last = until
	}
}

// TestASetUpThatIsNotWritten: a set-up ends when there is no more time for it.
func TestASetUpThatIsNotWritten(t *testing.T) {
	_, setUp := longRecording()
	setUp.Lines = func(yield func(trace.Line) bool) {
		for yield(trace.Line{Kind: trace.Outside, Command: model.Command{Actor: 1}, Count: 5}) {
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if whole, err := setUp.Write(ctx, new(bytes.Buffer)); whole || err != nil {
		t.Errorf("whole %v, %v", whole, err)
	}
}
