package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rihla": func() { os.Exit(run(os.Args[1:])) }})
}

// Every command, as whoever types it meets it.
func TestScripts(t *testing.T) {
	t.Parallel()
	samples := map[string]string{"AGREEMENTS": "../../internal/sharing/agreement/testdata", "GOAML": "../../formats/goaml/testdata"}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			for name, dir := range samples { // for scripts about them
				path, err := filepath.Abs(dir)
				if err != nil {
					return err
				}
				e.Setenv(name, path)
			}
			return nil
		},
	})
}
