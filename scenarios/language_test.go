package scenarios_test

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"invitesim/model"
	"invitesim/scenarios"
	"invitesim/sim"
)

const languagePage = "LANGUAGE.md"

// page returns LANGUAGE.md.
func page(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(languagePage)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestLanguageShowsTheTables keeps the tables of LANGUAGE.md what the grammar, the settings and the figures are.
func TestLanguageShowsTheTables(t *testing.T) {
	content := page(t)
	table := regexp.MustCompile("(?s)(<!-- (.*?): made by `make golden` -->\n)(.*?)(<!-- end of the table -->\n)")
	var blocks []string
	for _, found := range table.FindAllStringSubmatch(content, -1) {
		if block, ok := strings.CutPrefix(found[2], "keys of "); ok {
			blocks = append(blocks, block)
		}
	}
	figures := figurePaths("")
	got := table.ReplaceAllStringFunc(content, func(text string) string {
		parts := table.FindStringSubmatch(text)
		made := tableOf(parts[2], blocks, figures)
		if made == "" {
			t.Errorf("%s has a table of %s, which is nothing of the language", languagePage, parts[2])
		}
		return parts[1] + made + parts[4]
	})
	for _, missing := range []string{"keys of a scenario", "settings", "figures", "outcomes"} {
		if !strings.Contains(got, "<!-- "+missing+": ") {
			t.Errorf("%s has no table of %s", languagePage, missing)
		}
	}
	switch {
	case got == content:
	case *update:
		if err := os.WriteFile(languagePage, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s differs from the code: run `make golden`; the differences:\n%s", languagePage, cmp.Diff(content, got))
	}
}

// tableOf makes the table of a name, given the blocks of keys that have one, and the paths of all figures.
func tableOf(name string, blocks, figures []string) string {
	if block, ok := strings.CutPrefix(name, "keys of "); ok {
		return keyTable(block, blocks)
	}
	switch name {
	case "settings":
		return settingTable()
	case "figures":
		return figureTable(figures)
	case "outcomes":
		return outcomeTable(figures)
	}
	return ""
}

// keyTable tells the keys of a block that are in no other block of the page, by their paths below it.
func keyTable(block string, blocks []string) string {
	var b strings.Builder
	for _, key := range scenarios.Keys() {
		home := "a scenario"
		for _, each := range blocks {
			if strings.HasPrefix(key.Path, each+".") && (home == "a scenario" || len(each) > len(home)) {
				home = each
			}
		}
		if home != block {
			continue
		}
		otherwise := key.Otherwise
		if key.Required {
			otherwise = "**required**"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", strings.TrimPrefix(key.Path, block+"."), key.Value, otherwise, key.Doc)
	}
	if b.Len() == 0 {
		return ""
	}
	return "| key | value | unless given | meaning |\n|---|---|---|---|\n" + b.String()
}

// settingTable tells the settings of a policy.
func settingTable() string {
	var b strings.Builder
	b.WriteString("| setting | value | default | what it does |\n|---|---|---|---|\n")
	standard := model.Default()
	for _, path := range model.SettingPaths() {
		value, _ := standard.Get(path)
		fmt.Fprintf(&b, "| `%s` | %s | `%s` | %s |\n", path, model.SettingTakes(path), strings.ReplaceAll(value, `"`, ""), model.SettingDoes(path))
	}
	return b.String()
}

// population stands for any in the paths of figures.
const population = "NAME"

// figurePaths returns the path of every figure that a threshold can name, those of all members instead of those of a population that are alike: the
// error of a path that ends too early says what may follow.
func figurePaths(beginning string) []string {
	var all []string
	var astray *sim.PathError
	if _, err := sim.CheckPath(beginning+"?", []string{population}); !errors.As(err, &astray) {
		return nil
	}
	for _, part := range astray.Known {
		path := beginning + part
		if _, err := sim.CheckPath(path, []string{population}); err != nil {
			all = append(all, figurePaths(path+".")...)
			continue
		}
		own, of := strings.CutPrefix(path, "members_by."+population+".")
		if _, err := sim.CheckPath(own, nil); !of || err != nil {
			all = append(all, path)
		}
	}
	return all
}

// figureTable tells every figure: in one row those that stand together and are measured alike, in whatever verb, outcome or limit.
func figureTable(paths []string) string {
	alike := []struct {
		pattern *regexp.Regexp
		by      string
	}{
		{regexp.MustCompile(`^commands\.[a-z_]+\.outcomes\.[a-z_]+`), "commands.VERB.outcomes.OUTCOME"},
		{regexp.MustCompile(`^(commands|latency|service|response)\.[a-z_]+\.`), "$1.VERB."},
		{regexp.MustCompile(`^queries\.[a-z_]+`), "queries.QUERY"},
		{regexp.MustCompile(`^limits\.[a-z_]+`), "limits.LIMIT"},
	}
	units := map[sim.Unit]string{
		sim.UnitNumber: "number, `300`", sim.UnitShare: "share, `5%`",
		sim.UnitSeconds: "time of the people, `12h`", sim.UnitNanoseconds: "time of the wall clock, `200ms`",
	}
	var rows []string
	last := map[string][]string{}
	for _, path := range paths {
		unit, _ := sim.CheckPath(path, []string{population})
		of := "the whole run"
		if sim.InWindows(path) {
			of = "the run, populations, windows"
		}
		if strings.HasPrefix(path, "members_by.") {
			of = "populations, windows"
		}
		for _, each := range alike {
			path = each.pattern.ReplaceAllString(path, each.by)
		}
		dot := strings.LastIndex(path, ".")
		row := fmt.Sprintf("| %s | %%s | %s | %s |\n", code(strings.TrimSuffix(path[:dot+1], ".")), strings.ReplaceAll(units[unit], "%", "%%"), of)
		if last[row] == nil {
			rows = append(rows, row)
		}
		if part := code(path[dot+1:]); !slices.Contains(last[row], part) {
			last[row] = append(last[row], part)
		}
	}
	var b strings.Builder
	b.WriteString("| path | … and then | compared with | of |\n|---|---|---|---|\n")
	for _, row := range rows {
		fmt.Fprintf(&b, row, strings.Join(last[row], ", "))
	}
	return b.String()
}

// code marks a word as one that is written as it stands.
func code(word string) string {
	if word == "" {
		return ""
	}
	return "`" + word + "`"
}

// outcomeTable tells which words may stand for VERB, OUTCOME, QUERY and LIMIT in the paths.
func outcomeTable(paths []string) string {
	outcomes := regexp.MustCompile(`^commands\.([a-z_]+)\.outcomes\.([a-z_]+)\.count$`)
	var verbs []string
	of := map[string][]string{}
	inside := func(group, last string) (all []string) {
		for _, path := range paths {
			if rest, ok := strings.CutPrefix(path, group+"."); ok {
				if word, ok := strings.CutSuffix(rest, "."+last); ok && !strings.Contains(word, ".") {
					all = append(all, word)
				}
			}
		}
		return all
	}
	for _, path := range paths {
		if parts := outcomes.FindStringSubmatch(path); parts != nil {
			if !slices.Contains(verbs, parts[1]) {
				verbs = append(verbs, parts[1])
			}
			of[parts[1]] = append(of[parts[1]], parts[2])
		}
	}
	var b strings.Builder
	b.WriteString("| where | words |\n|---|---|\n")
	row := func(where string, words []string) {
		fmt.Fprintf(&b, "| %s | `%s` |\n", where, strings.Join(words, "`, `"))
	}
	for _, verb := range verbs {
		row("OUTCOME of `"+verb+"`", of[verb])
	}
	row("QUERY", inside("queries", "count"))
	row("LIMIT", inside("limits", "hits"))
	row("VERB of `response`", inside("response", "count"))
	row("VERB of `latency`, `service`", inside("latency", "count"))
	return b.String()
}

// TestEveryLawIsOnThePage wants every way to write a distribution in LANGUAGE.md, those that durations cannot have marked, and the ends of numbers as they
// are.
func TestEveryLawIsOnThePage(t *testing.T) {
	content := page(t)
	anywhere, numbers := scenarios.LawForms()
	for _, form := range anywhere {
		if !strings.Contains(content, "| `"+form+"` | durations, numbers |") {
			t.Errorf("%s has no row for %s of durations and numbers", languagePage, form)
		}
	}
	for _, form := range numbers {
		if !strings.Contains(content, "| `"+form+"` | numbers |") {
			t.Errorf("%s has no row for %s of numbers", languagePage, form)
		}
	}
	for form, ends := range scenarios.LawEnds() {
		_, row, _ := strings.Cut(content, "| `"+form+"` |")
		if row, _, _ = strings.Cut(row, "\n"); !strings.Contains(row, " "+ends+" |") {
			t.Errorf("the row of %s in %s is %q, expected %s at its end", form, languagePage, row, ends)
		}
	}
}

// TestExamplesOfTheLanguage reads every example of LANGUAGE.md: none has a mistake, and together they have every key of the language. An
// example that begins with a comment `# NAME` is the file of that name, which others extend.
func TestExamplesOfTheLanguage(t *testing.T) {
	block := regexp.MustCompile("(?s)```(yaml|csv)\n(?:# (\\S+\\.(?:yaml|csv))\n)?(.*?)```\n")
	files := fstest.MapFS{}
	var examples []string
	for _, found := range block.FindAllStringSubmatch(page(t), -1) {
		if found[2] != "" {
			files[found[2]] = &fstest.MapFile{Data: []byte(found[3])}
		}
		if found[1] == "yaml" {
			examples = append(examples, found[3])
		}
	}
	var paths []string
	for i, example := range examples {
		from := scenarios.Source{Name: fmt.Sprintf("example %d", i+1), Text: strings.NewReader(example), Files: files}
		_, document, mistakes := scenarios.Load(from, scenarios.Options{})
		if len(mistakes) > 0 {
			t.Errorf("%s\n%s", mistakes.Format(), example)
			continue
		}
		for _, field := range document.Fields {
			paths = append(paths, field.Path)
		}
		// What a scenario takes over is not part of what it becomes.
		if strings.Contains(example, "extends: first.yaml") {
			paths = append(paths, "extends")
		}
	}
	for _, key := range scenarios.Keys() {
		pattern := strings.NewReplacer("NAME", `[^.]+`, "[]", `\[\d+\]`, ".", `\.`).Replace(key.Path)
		shown := regexp.MustCompile("^" + pattern + `($|[.\[])`)
		if !slices.ContainsFunc(paths, shown.MatchString) {
			t.Errorf("no example of %s has %s", languagePage, key.Path)
		}
	}
}
