package scenarios

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"invitesim/model/policies"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// Options change a scenario after its file has been read: the policy first, the settings after it.
type Options struct {
	Policy string   // name of a policy, or a policy file; it replaces the scenario's. Empty for the scenario's
	Seed   *uint64  // nil for the scenario's
	Set    []string // PATH=VALUE, such as `members.casual.count=500`; PATH= takes a field away
}

// Document is a scenario as it was put together.
type Document struct {
	Text   string  // YAML: the file with what it extends and the options; without comments
	Fields []Field // what the text says, in its order
}

// Field is one value of a scenario.
type Field struct {
	Path  string // such as `members.casual.count` or `events[1].at`
	Value string // as it is written, with single spaces
}

// maxExtends is how many scenarios may stand behind one another.
const maxExtends = 10

// Load reads a scenario and everything that it extends, applies the options, and makes the plan of it. Mistakes are all that is wrong,
// and then there is neither plan nor document.
func Load(from Source, options Options) (*sim.Plan, *Document, Mistakes) {
	d := &decoder{files: from.Files, data: map[string]string{}, laws: map[string]*chance.Distribution{}}
	root := d.assemble(from)
	if root == nil {
		return nil, nil, d.mistakes.sorted()
	}
	root = d.apply(root, options)
	adopt(root)
	plan := d.plan(root)
	if len(d.mistakes) > 0 {
		return nil, nil, d.mistakes.sorted()
	}
	plan.Digest = d.digest(root, plan)
	return plan, &Document{Text: root.print(), Fields: root.fields()}, nil
}

// assemble reads the source and lays it over what it extends.
func (d *decoder) assemble(from Source) *node {
	in := home{files: from.Files}
	var s *source
	var content []byte
	if from.Text == nil {
		s, content = d.open(from.Name, in, position{})
	} else {
		s = d.add(from.Name, in)
		var err error
		if content, err = readLimited(from.Text, "the input", maxFile); err != nil {
			d.report(whole(s, err), "", err.Error(), "a scenario")
			return nil
		}
	}
	if s == nil {
		return nil
	}
	return d.extended(d.read(s, content), []string{s.name})
}

// extended lays root over the scenario that its `extends` names, and that over the next. Behind are the names of those that came before.
func (d *decoder) extended(root *node, behind []string) *node {
	base := root.get("extends")
	if base == nil {
		return root
	}
	root.remove("extends")
	if base.kind != text || base.text == "" {
		d.wrong(base, "a scenario file, or the name of a shipped one")
		return root
	}
	s, content := d.open(base.text, base.at.source.home, base.at)
	if s == nil {
		return root
	}
	if slices.Contains(behind, s.name) {
		d.incomplete = true
		d.report(base.at, "extends", "found a circle: "+strings.Join(append(behind, s.name), " extends "), "a scenario that does not extend this one")
		return root
	}
	if len(behind) >= maxExtends {
		d.incomplete = true
		d.report(base.at, "extends", "found a chain of more than "+fmt.Sprint(maxExtends)+" scenarios", "a shorter one")
		return root
	}
	under := d.extended(d.read(s, content), append(behind, s.name))
	if under == nil || under.kind != mapping {
		return root
	}
	if over := root.get("policy"); over != nil && over.kind == mapping {
		openPolicy(under)
	}
	return merge(under, root)
}

// apply carries out the options on a scenario that has been put together.
func (d *decoder) apply(root *node, options Options) *node {
	if root.kind != mapping {
		return root
	}
	if options.Policy != "" {
		d.replacePolicy(root, options.Policy)
	}
	if options.Seed != nil {
		d.set(root, "seed="+fmt.Sprint(*options.Seed), "--seed "+fmt.Sprint(*options.Seed))
	}
	for _, setting := range options.Set {
		d.set(root, setting, "--set "+setting)
	}
	return root
}

// replacePolicy puts the named policy, or that of a file, in the place of the scenario's.
func (d *decoder) replacePolicy(root *node, name string) {
	if _, ok := policies.Named(name); ok || !strings.ContainsAny(name, "./\\") {
		d.set(root, "policy="+name, "--policy "+name)
		return
	}
	flag := d.add("--policy "+name, home{files: d.files})
	flag.flag, flag.lines = true, []string{name}
	content, err := readFile(d.files, name, maxFile)
	if err != nil {
		d.report(position{flag, 1, 1}, "", err.Error(), "a policy file, or "+oneOf(policies.Names()))
		return
	}
	from := d.add(name, home{files: d.files, dir: dirOf(path.Clean(name))})
	from.policy = true
	policy := d.read(from, content)
	if policy == nil {
		return
	}
	policy.key, policy.keyAt = "policy", policy.at
	root.put(policy)
}

// adopt sets the parents of all nodes anew, as merging moves them about, and numbers the items of lists.
func adopt(n *node) {
	for i, child := range n.children {
		child.parent = n
		if n.kind == list {
			child.key = strconv.Itoa(i) // a flag may have written it otherwise
		}
		adopt(child)
	}
}
