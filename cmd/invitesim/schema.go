package main

import (
	"context"

	"github.com/spf13/pflag"

	"invitesim/scenarios"
)

func schemaVerb() verb {
	v := verb{
		name:    "schema",
		purpose: "JSON Schema of the scenario file, for editors",
		about: "An editor that knows YAML then completes fields and underlines mistakes. Put it into a file, and name that in the\n" +
			"first line of a scenario: # yaml-language-server: $schema=scenario.schema.json",
		examples: []string{"invitesim schema > scenario.schema.json"},
	}
	v.declare = func(c *call, _ *pflag.FlagSet) action {
		return func(_ context.Context, args []string) error {
			if err := v.wantArguments(args, 0, 0); err != nil {
				return err
			}
			_, err := c.stdout.Write(scenarios.Schema())
			return err
		}
	}
	return v
}
