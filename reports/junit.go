package reports

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"strings"

	"invitesim/reports/baseline"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// Suite is what was judged of one scenario.
type Suite struct {
	Name  string
	Cases []Case
}

// Case is one thing that was judged. It passed if neither Failure nor Skipped says something.
type Case struct {
	Group   string // thresholds, checks or baseline
	Name    string
	Failure string // what was observed, in one line
	Skipped string // why it was not judged, in one line
	Detail  string // what else there is to say, in lines
}

// NewSuite lists what was judged of a result: each threshold, each check, and, where it was held against a baseline, that. Command is what
// shows it again; without one it is what the result knows of it.
func NewSuite(result *sim.Result, against *baseline.Finding, command string) Suite {
	from := origin{command: command}
	if command == "" {
		from = originOf(result)
	}
	return newSuite(result, against, from.again())
}

// newSuite is NewSuite for who knows the lines that say how to see it again.
func newSuite(result *sim.Result, against *baseline.Finding, again string) Suite {
	suite := Suite{Name: result.Scenario.Name}
	for i := range result.Thresholds {
		suite.Cases = append(suite.Cases, thresholdCase(&result.Thresholds[i], again))
	}
	if checks := result.Checks; checks != nil {
		suite.Cases = append(suite.Cases,
			checkCase("invariants", checks.Invariants.Violations, "violation", figure.Plural(checks.Invariants.Evaluated, "evaluation"), again))
		if checks.ShortestTrace != "" {
			again = strings.TrimSuffix(checks.ShortestTrace, "\n") + "\n" + again
		}
		if l := checks.Linearizability; l != nil {
			suite.Cases = append(suite.Cases, linearizabilityCase(l, result.Interrupted, again))
		}
		suite.Cases = append(suite.Cases,
			checkCase("oracle", checks.Oracle.Divergences, "divergence", figure.Plural(checks.Oracle.Commands, "command"), again))
	}
	if result.Interrupted {
		suite.Cases = append(suite.Cases, Case{Group: "checks", Name: "runs to its end", Failure: "interrupted: " + lacking(result)})
	}
	if against != nil {
		suite.Cases = append(suite.Cases, baselineCase(against))
	}
	return suite
}

func thresholdCase(verdict *sim.Verdict, again string) Case {
	c := Case{Group: "thresholds", Name: verdict.That}
	saw := Saw(verdict) + ", expected " + verdict.That
	switch {
	case verdict.Failed():
		c.Failure, c.Detail = saw, again
	case verdict.Verdict != sim.VerdictPass:
		c.Detail = "warning: " + saw
	}
	return c
}

// checkCase is a check that found so many of what there should be none of, in so much.
func checkCase(name string, found uint64, wrong, in, again string) Case {
	c := Case{Group: "checks", Name: name}
	if found > 0 {
		c.Failure = plainSpaces(figure.Plural(found, wrong) + " in " + in + ", expected none")
		c.Detail = again
	}
	return c
}

// linearizabilityCase fails, too, where the search ended without an answer: that was asked for.
func linearizabilityCase(l *sim.LinearizabilityChecks, interrupted bool, again string) Case {
	c := checkCase("linearizability", l.Violations, "violation", figure.Plural(l.Commands, "command"), again)
	const unfinished = "the check of the recorded calls did not get to its end"
	switch {
	case l.Unfinished && interrupted:
		c.Skipped = unfinished
	case l.Unfinished:
		c.Failure, c.Detail = unfinished, again
	}
	return c
}

// inMessage is how many figures a message names at most.
const inMessage = 20

func baselineCase(against *baseline.Finding) Case {
	c := Case{Group: "baseline", Name: "the same history and figures"}
	lines := against.Lines(inMessage)
	switch against.Verdict {
	case baseline.Same, baseline.Accepted:
	case baseline.Differs, baseline.Asked:
		c.Failure, c.Detail = lines[0], strings.Join(lines[1:], "\n")
	default:
		c.Skipped = lines[0]
	}
	return c
}

// plainSpaces is for readers that may show no thin ones.
func plainSpaces(text string) string { return strings.ReplaceAll(text, figure.ThinSpace, " ") }

// The elements of a JUnit file. There are no times in it, nor a host: equal results have equal bytes.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Failure *junitMessage `xml:"failure"`
		Skipped *junitMessage `xml:"skipped"`
		Out     string        `xml:"system-out,omitempty"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes suites as CI systems read them: one testcase for each thing that was judged, in the order given.
func JUnit(suites []Suite) ([]byte, error) {
	all := junitSuites{Name: "invitesim"}
	for _, suite := range suites {
		one := junitSuite{Name: suite.Name}
		for _, c := range suite.Cases {
			one.Tests++
			one.Cases = append(one.Cases, c.junit(suite.Name))
			switch {
			case c.Failure != "":
				one.Failures++
			case c.Skipped != "":
				one.Skipped++
			}
		}
		all.Tests += one.Tests
		all.Failures += one.Failures
		all.Skipped += one.Skipped
		all.Suites = append(all.Suites, one)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	encoder := xml.NewEncoder(&b)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return nil, fmt.Errorf("%s: %w", junitFile, err)
	}
	b.WriteByte('\n')
	// No attribute has more than one line, and lines read better as lines.
	return bytes.ReplaceAll(b.Bytes(), []byte("&#xA;"), []byte("\n")), nil
}

func (c *Case) junit(suite string) junitCase {
	out := junitCase{Class: suite + "." + c.Group, Name: cmp.Or(c.Name, "unnamed")}
	switch {
	case c.Failure != "":
		out.Failure = &junitMessage{Message: c.Failure, Type: c.Group, Text: c.Detail}
	case c.Skipped != "":
		out.Skipped = &junitMessage{Message: c.Skipped}
	default:
		out.Out = c.Detail
	}
	return out
}
