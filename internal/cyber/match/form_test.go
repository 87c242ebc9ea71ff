package match_test

import (
	"testing"

	"github.com/rihla/rihla/internal/cyber/match"
)

// Lines of JSON are a log, unless the first says which form they are of.
func TestAFormIsNoLog(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`{"@timestamp":"2026-03-15T00:00:00Z","url":{"domain":"a.example"}}` + "\n":                            true,
		`{"schema":"rihla.hall-events/v1","airport":"BAH"}` + "\n" + `{"event":"on_block"}` + "\n":             false,
		`{"schema" : "rihla.tt-application/v1","applicant":{}}`:                                                false,
		`{"@timestamp":"2026-03-15T00:00:00Z","schema":"ecs","message":"saw rihla.hall-events/v1"}` + "\n{}\n": true,
	} {
		if form, got := match.Recognise([]byte(text)); got != want || got && form != match.JSONLines {
			t.Errorf("%s: %v %s", text, got, form)
		}
	}
}
