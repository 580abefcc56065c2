package scenarios

import (
	"encoding/json"
	"strings"

	"invitesim/model"
)

// Schema returns the JSON Schema (draft 2020-12) of the scenario file, for editors. It tells keys, words and units; the reader, which knows how
// values belong together, finds more.
func Schema() []byte {
	schema := scenarioShape().schema()
	// What a scenario takes over from another need not be there.
	required := schema["required"]
	delete(schema, "required")
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = "A scenario of the invitation simulator"
	schema["anyOf"] = []any{
		map[string]any{"required": []string{"extends"}},
		map[string]any{"required": required},
	}
	out, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		panic("scenarios: the schema cannot be written: " + err.Error())
	}
	return append(out, '\n')
}

// schema returns the JSON Schema of a shape. Editors read a plain 5 as a number, so texts that look like one may be numbers too.
func (s *shape) schema() map[string]any {
	switch s.sort {
	case count:
		return anySchema(map[string]any{"type": "integer", "minimum": s.least, "maximum": s.most}, map[string]any{"type": "string", "pattern": patternCount})
	case number:
		return anySchema(map[string]any{"type": "number", "minimum": s.least, "maximum": s.most}, map[string]any{"type": "string", "pattern": patternNumber})
	case object:
		return objectSchema(s.fields)
	case table:
		out := map[string]any{"type": "object", "minProperties": 1, "additionalProperties": s.item.schema()}
		if s.named != "" {
			out["propertyNames"] = map[string]any{"pattern": s.named}
		}
		return out
	case sequence:
		out := map[string]any{"type": "array", "items": s.item.schema()}
		if s.length > 0 {
			out["minItems"], out["maxItems"] = s.length, s.length
		}
		return out
	case alternative:
		var all []map[string]any
		for _, one := range s.either {
			all = append(all, one.schema())
		}
		return anySchema(all...)
	case policyMap:
		return settingsSchema("")
	}
	return s.wordsSchema()
}

func (s *shape) wordsSchema() map[string]any {
	switch {
	case len(s.choices) > 0 && s.choices[0] == "true":
		return map[string]any{"type": "boolean"}
	case len(s.choices) > 0:
		return map[string]any{"enum": s.choices}
	case s.pattern == "^0$":
		return map[string]any{"const": 0}
	case s.pattern != "":
		return map[string]any{"type": "string", "pattern": s.pattern}
	}
	return map[string]any{"type": "string"}
}

func anySchema(all ...map[string]any) map[string]any { return map[string]any{"anyOf": all} }

func objectSchema(fields []field) map[string]any {
	properties := map[string]any{}
	var required []string
	for _, f := range fields {
		property := f.value.schema()
		property["description"] = f.description()
		properties[f.name] = property
		if f.required {
			required = append(required, f.name)
		}
	}
	out := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if required != nil {
		out["required"] = required
	}
	return out
}

// settingsSchema returns the schema of the settings of a policy below a group, all of them where it is empty. The default tells what sort of
// value a setting has.
func settingsSchema(group string) map[string]any {
	defaults := model.Default()
	properties := map[string]any{}
	for _, key := range settingsBeside(group) {
		path := group + key
		value, isSetting := defaults.Get(path)
		switch {
		case group == "" && key == "extends":
			properties[key] = map[string]any{"type": "string", "description": "The policy whose settings hold where none is given"}
		case strings.HasPrefix(value, "{"):
			properties[key] = settingsSchema(path + ".")
		case isSetting:
			properties[key] = settingSchema(path, value)
		}
	}
	out := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if strings.HasPrefix(group, "kinds.") && group != "kinds." {
		return anySchema(out, map[string]any{"const": "none"})
	}
	return out
}

// settingSchema returns the schema of the setting at a path, with the given default.
func settingSchema(path, value string) map[string]any {
	out := map[string]any{"type": []string{"string", "integer"}, "description": model.SettingDoes(path) + "; " + value + " by default"}
	switch {
	case value == "true" || value == "false":
		out["type"] = "boolean"
	case strings.HasPrefix(value, "["):
		out["type"] = []string{"array", "string"}
	}
	return out
}
