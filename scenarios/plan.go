package scenarios

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"invitesim/model"
	"invitesim/sim"
)

const (
	// maxSteps bounds the time series.
	maxSteps = 200_000
	// maxPurpose bounds what stands above every report, in bytes.
	maxPurpose    = 500
	expectPurpose = "a question in one line, of at most 500 letters"
)

// plan reads the whole scenario.
func (d *decoder) plan(root *node) *sim.Plan {
	if root.kind == mapping {
		d.refuseLater(root)
	}
	f := d.mapping(root, scenarioShape())
	p := &sim.Plan{Seed: 1, Start: model.DefaultStart}
	p.Name, _ = d.text(f.get("scenario"), expectName)
	if p.Name != "" && !isName(p.Name) {
		d.wrong(f.get("scenario"), expectNameOf(p.Name, maxName))
	}
	if purpose := f.get("purpose"); purpose != nil {
		p.Purpose, _ = d.text(purpose, expectPurpose)
		p.Purpose = collapse(p.Purpose)
		if strings.ContainsFunc(p.Purpose, unicode.IsControl) || len(p.Purpose) > maxPurpose {
			d.wrong(purpose, expectPurpose)
		}
	}
	if seed := f.get("seed"); seed != nil {
		p.Seed = d.count(seed, 0, math.MaxUint64)
	}
	if start := f.get("start"); start != nil {
		p.Start = d.date(start)
	}
	d.span(f, p)
	p.Policy = d.policy(f.get("policy"), model.Default())
	p.Populations = d.members(f.get("members"))
	p.Events = d.events(f.get("events"), p)
	p.Load = d.load(f.get("load"))
	p.Thresholds = d.thresholds(f.get("thresholds"), p)
	return p
}

// refuseLater reports the keys that nothing can run yet, once each, and takes them away.
func (d *decoder) refuseLater(root *node) {
	for _, key := range laterKeys() {
		if n := root.get(key); n != nil {
			d.report(n.keyAt, key, "found "+quoted(key)+", which is not supported yet", "a scenario without it")
			root.remove(key)
		}
	}
}

// span reads how long the run lasts, and what of it counts.
func (d *decoder) span(f fields, p *sim.Plan) {
	before := len(d.mistakes)
	p.Duration = d.positive(f.get("duration"))
	p.Warmup = d.seconds(f.get("warmup"))
	p.Step = sim.DefaultStep(p.Duration)
	if series := f.get("series"); series != nil {
		p.Step = d.positive(d.mapping(series, scenarioShape().field("series").value).get("step"))
	}
	if len(d.mistakes) > before || f.get("duration") == nil {
		return
	}
	d.lasts = collapse(f.get("duration").text)
	if p.Warmup >= p.Duration {
		d.wrong(f.get("warmup"), "less than the duration, "+d.lasts)
	}
	if p.Step > 0 && p.Duration/p.Step > maxSteps {
		d.contrary(f.get("series"), "found steps of "+collapse(f.get("series").get("step").text), "at most "+itoa(maxSteps)+" steps in the duration, "+d.lasts)
	}
}

// field returns the field of a name of an object.
func (s *shape) field(name string) *field {
	i := slices.IndexFunc(s.fields, func(f field) bool { return f.name == name })
	return &s.fields[i]
}
