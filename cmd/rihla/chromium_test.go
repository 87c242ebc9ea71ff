package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The browser is asked for a PDF of the page, and what it wrote is kept only when it is one.
func TestPrintPDF(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	browser := func(name, does string) string {
		path := filepath.Join(dir, name)
		script := "#!/bin/sh\nfor a in \"$@\"; do case \"$a\" in --print-to-pdf=*) to=\"${a#*=}\";; file://*) page=\"${a#file://}\";; esac; done\n" + does
		if err := os.WriteFile(path, []byte(script), 0o700); err != nil { //nolint:gosec // it is run
			t.Fatal(err)
		}
		return path
	}
	out := filepath.Join(dir, "out.pdf")
	if err := printPDF(t.Context(), browser("good", `{ printf '%%PDF-1.7 '; cat "$page"; } > "$to"`), []byte("<p>words</p>"), out); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(out); err != nil || string(got) != "%PDF-1.7 <p>words</p>" {
		t.Errorf("wrote %q, %v", got, err)
	}
	for _, wrong := range []struct{ browser, says string }{
		{browser("silent", `exit 0`), "made no PDF"},
		{browser("failing", `echo first >&2; echo 'no display' >&2; exit 3`), "it said: no display"},
		{browser("odd", `echo hello > "$to"`), "made no PDF"},
		{filepath.Join(dir, "absent"), "no such program"},
	} {
		if err := printPDF(t.Context(), wrong.browser, nil, out); err == nil || !strings.Contains(err.Error(), wrong.says) {
			t.Errorf("%s: %v, want %q", wrong.browser, err, wrong.says)
		}
	}
}

// Where there is no browser, one line says what to do.
func TestNoBrowser(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := findBrowser("")
	if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "--html") {
		t.Errorf("without a browser: %v", err)
	}
}
