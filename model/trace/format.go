package trace

import (
	"strconv"
	"strings"
	"time"

	"invitesim/model"
	"invitesim/model/policies"
)

// FormatAnswer returns the answer to a command as it stands behind `->`: `cooldown until=22d`.
func FormatAnswer(a model.Answer) string { return string(AppendAnswer(nil, a)) }

// AppendAnswer appends FormatAnswer to dst.
func AppendAnswer(dst []byte, a model.Answer) []byte {
	dst = append(dst, a.Outcome.String()...)
	if a.Bounded {
		dst = append(append(dst, " until="...), a.Until.String()...)
	}
	return dst
}

// FormatReply returns the answer to a query as it stands behind `->`: `2:pending 3:withdrawn,page=4`, `used=1/100 pending=1/none`.
func FormatReply(verb model.Verb, r model.Reply) string { return string(AppendReply(nil, verb, r)) }

// AppendReply appends FormatReply to dst.
func AppendReply(dst []byte, verb model.Verb, r model.Reply) []byte {
	begin := len(dst)
	switch {
	case r.Invalid:
		return append(dst, model.Invalid.String()...)
	case verb == model.QueryRelation:
		return append(dst, r.Relation.String()...)
	case verb == model.QueryConnections:
		return strconv.AppendUint(dst, r.Connections, 10)
	case verb == model.QueryQuota:
		return appendQuota(dst, &r.Quota)
	}
	for _, row := range r.Rows {
		dst = append(appendRow(dst, verb, row), ' ')
	}
	for _, notice := range r.Notices {
		dst = append(appendNotice(dst, notice), ' ')
	}
	if len(dst) == begin {
		return append(dst, '-')
	}
	return dst[:len(dst)-1]
}

func appendQuota(dst []byte, q *model.Quota) []byte {
	dst = appendUse(append(dst, "used="...), q.Used, q.Limit)
	dst = appendUse(append(dst, " pending="...), q.Pending, q.Cap)
	if q.Restricted {
		dst = append(append(dst, " restricted="...), q.RestrictedUntil.String()...)
	}
	return dst
}

func appendUse(dst []byte, used, limit uint32) []byte {
	dst = append(strconv.AppendUint(dst, uint64(used), 10), '/')
	if limit == model.Unlimited {
		return append(dst, "none"...)
	}
	return strconv.AppendUint(dst, uint64(limit), 10)
}

// appendRow prints a row of the sent list with its state, one of the received list with its flags.
func appendRow(dst []byte, verb model.Verb, row model.Row) []byte {
	dst = strconv.AppendUint(dst, uint64(row.Peer), 10)
	separator := byte(':')
	add := func(flag string) {
		dst = append(append(dst, separator), flag...)
		separator = ','
	}
	if verb == model.QuerySent {
		add(row.State.String())
	}
	if row.Note {
		add("note")
	}
	if row.Again {
		add("again")
	}
	if row.Kind != model.Connect {
		dst = appendSubject(append(dst, separator), row.Kind, row.Subject)
	}
	return dst
}

func appendNotice(dst []byte, n model.Notice) []byte {
	dst = append(append(dst, n.Notice.String()...), ':')
	dst = strconv.AppendUint(dst, uint64(n.Peer), 10)
	if n.Kind != model.Connect {
		dst = appendSubject(append(dst, ','), n.Kind, n.Subject)
	}
	return dst
}

func appendSubject(dst []byte, kind model.Kind, subject uint32) []byte {
	return strconv.AppendUint(append(append(dst, kind.String()...), '='), uint64(subject), 10)
}

// AppendCommand appends a command or a query as it stands behind the time: `send 1 2 note=300 page=3`.
func AppendCommand(dst []byte, c *model.Command) []byte {
	dst = append(append(dst, c.Verb.String()...), ' ')
	dst = strconv.AppendUint(dst, uint64(c.Actor), 10)
	if c.Verb.NamesPeer() {
		dst = strconv.AppendUint(append(dst, ' '), uint64(c.Peer), 10)
	}
	if c.Verb == model.SetInbound {
		return append(append(dst, ' '), c.Setting.String()...)
	}
	if c.Note == 1 {
		dst = append(dst, " note"...)
	} else if c.Note > 1 {
		dst = strconv.AppendUint(append(dst, " note="...), uint64(c.Note), 10)
	}
	if c.Email {
		dst = append(dst, " email"...)
	}
	if c.Kind != model.Connect {
		dst = appendSubject(append(dst, ' '), c.Kind, c.Subject)
	}
	if c.Key != "" {
		dst = appendKey(append(dst, " key="...), c.Key)
	}
	return dst
}

// appendKey prints a key plainly where it is plain, else in quotes.
func appendKey(dst []byte, key string) []byte {
	for i := range len(key) {
		if c := key[i]; c <= ' ' || c >= 0x7f || c == '"' || c == '#' || c == '\\' {
			return strconv.AppendQuoteToASCII(dst, key)
		}
	}
	return append(dst, key...)
}

// appendDoing appends what a line does, from its verb up to the answer.
func appendDoing(dst []byte, l *Line) []byte {
	c := &l.Command
	switch l.Kind {
	case PolicyChange:
		dst = append(dst, "policy"...)
		if l.Policy != "" {
			dst = append(append(dst, ' '), l.Policy...)
		}
		for _, s := range l.Settings {
			dst = append(append(append(append(dst, ' '), s.Path...), '='), s.Value...)
		}
	case Connect:
		dst = strconv.AppendUint(append(dst, "connect "...), uint64(c.Actor), 10)
		dst = strconv.AppendUint(append(dst, ' '), uint64(c.Peer), 10)
	case Advance:
		dst = appendTime(append(dst, "advance "...), l.Return-l.Call)
	case Opened:
		dst = strconv.AppendUint(append(dst, "opened "...), uint64(c.Actor), 10)
		dst = append(append(dst, ' '), l.Opened.String()...)
	case Outside:
		dst = strconv.AppendUint(append(dst, "outside "...), uint64(c.Actor), 10)
		dst = strconv.AppendUint(append(dst, ' '), uint64(l.Count), 10)
	default:
		dst = AppendCommand(dst, c)
	}
	return dst
}

func appendTimes(dst []byte, l *Line) []byte {
	dst = appendTime(dst, l.Call)
	if l.Return != l.Call && l.Kind != Advance {
		dst = appendTime(append(dst, ".."...), l.Return)
	}
	return dst
}

// FormatGiven returns an answer of a line, of kind Command or Query, as it stands behind `->`.
func FormatGiven(g *Given, kind LineKind) string { return string(appendGiven(nil, g, kind)) }

func appendGiven(dst []byte, g *Given, kind LineKind) []byte {
	if kind == Query {
		dst = append(dst, strings.Join(g.Reply, " ")...)
	} else {
		dst = append(dst, g.Outcome.String()...)
	}
	if g.HasUntil && !g.Bounded {
		dst = append(dst, " until=none"...)
	} else if g.HasUntil {
		dst = appendTime(append(dst, " until="...), time.Duration(g.Until)*time.Second)
	}
	if g.HasAt {
		dst = appendTime(append(dst, " at="...), g.At)
	}
	return dst
}

// FormatLine returns a line as Parse reads it, without the remarks before it.
func FormatLine(l *Line) string { return string(AppendLine(nil, l)) }

// AppendLine appends FormatLine to dst.
func AppendLine(dst []byte, l *Line) []byte { return appendAligned(dst, l, widths{}) }

// widths are how wide the columns of a trace are at least: times, what is done, and answers with a comment behind them.
type widths struct{ times, doing, answer int }

func appendAligned(dst []byte, l *Line, w widths) []byte {
	begin := len(dst)
	dst = append(pad(appendTimes(dst, l), begin, w.times), ' ')
	begin = len(dst)
	dst = appendDoing(dst, l)
	if l.Given != nil {
		dst = append(pad(dst, begin, w.doing), " -> "...)
		begin = len(dst)
		dst = appendGiven(dst, l.Given, l.Kind)
	}
	if l.Comment == "" {
		return dst
	}
	if l.Given != nil {
		dst = pad(dst, begin, w.answer)
	}
	return append(append(dst, "  # "...), l.Comment...)
}

func pad(dst []byte, begin, width int) []byte {
	for len(dst)-begin < width {
		dst = append(dst, ' ')
	}
	return dst
}

// AppendHeader appends the header lines of a trace, each with its end of line.
func AppendHeader(dst []byte, t *Trace) []byte {
	dst = appendRemarks(dst, t.Remarks)
	base, ok := policies.Named(t.Policy.Name)
	if !ok {
		base = model.Default()
	}
	dst = append(append(dst, "policy "...), base.Name...)
	for _, d := range model.DiffPolicies(&base, &t.Policy) {
		dst = append(append(append(append(dst, ' '), d.Path...), '='), d.B...)
	}
	dst = strconv.AppendUint(append(dst, "\nmembers "...), uint64(t.Members), 10)
	if t.Start.Start != model.DefaultStart {
		dst = append(append(dst, "\nstart "...), t.Start.Time(0).Format(time.RFC3339)...)
	}
	if t.Seed != defaultSeed {
		dst = strconv.AppendUint(append(dst, "\nseed "...), t.Seed, 10)
	}
	return append(dst, '\n')
}

// String prints a trace so that Parse reads the same: header, lines with times, answers and comments in columns.
func (t *Trace) String() string {
	text := AppendHeader(nil, t)
	columns := t.widths()
	for i := range t.Lines {
		text = appendRemarks(text, t.Lines[i].Remarks)
		text = append(appendAligned(text, &t.Lines[i], columns), '\n')
	}
	return string(appendRemarks(text, t.Coda))
}

// appendRemarks appends remarks, each with its end of line.
func appendRemarks(dst []byte, remarks []string) []byte {
	for _, remark := range remarks {
		dst = append(append(dst, remark...), '\n')
	}
	return dst
}

// widths returns how wide the columns are; very wide texts stand out instead.
func (t *Trace) widths() widths {
	const widest = 48
	var w widths
	var text []byte
	widen := func(column *int, text []byte) {
		if len(text) <= widest {
			*column = max(*column, len(text))
		}
	}
	for i := range t.Lines {
		line := &t.Lines[i]
		text = appendTimes(text[:0], line)
		widen(&w.times, append(text, ' '))
		if line.Given == nil {
			continue
		}
		text = appendDoing(text[:0], line)
		widen(&w.doing, text)
		if line.Comment != "" {
			text = appendGiven(text[:0], line.Given, line.Kind)
			widen(&w.answer, text)
		}
	}
	return w
}
