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
	agreements, err := filepath.Abs("../../internal/sharing/agreement/testdata") // the samples, for scripts about them
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error { e.Setenv("AGREEMENTS", agreements); return nil },
	})
}
