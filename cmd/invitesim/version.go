package main

import (
	"context"
	"fmt"
	"runtime"

	"github.com/spf13/pflag"
)

// version is the version of the program. The formats of files have versions of their own.
const version = "0.1.0"

func versionVerb() verb {
	v := verb{
		name:     "version",
		purpose:  "the version of the program, of Go, and the platform",
		examples: []string{"invitesim version"},
	}
	v.declare = func(c *call, _ *pflag.FlagSet) action {
		return func(_ context.Context, args []string) error {
			if err := v.wantArguments(args, 0, 0); err != nil {
				return err
			}
			fmt.Fprintf(c.stdout, "invitesim %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		}
	}
	return v
}
