package funds_test

import (
	"strings"
	"testing"

	"github.com/rihla/rihla/internal/funds"
)

// What comes with the program can be read, and an operator's file overrides it or is refused with its place.
func TestSettings(t *testing.T) {
	t.Parallel()
	s, err := funds.ReadSettings(nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Thresholds) != 3 || s.Freeze.Within != 24 || s.Typologies.Structuring.Times != 3 || s.Line.Amount.String() != "10000" {
		t.Errorf("the defaults are %+v", s)
	}
	s, err = funds.ReadSettings([]byte("line: {amount: \"6000.000\", currency: BHD}\ntypologies:\n  F-02: {times: 4}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if s.Line.Amount.String() != "6000.000" || s.Typologies.Structuring.Times != 4 || s.Typologies.Structuring.Days != 5 || len(s.Thresholds) != 3 {
		t.Errorf("overridden they are %+v", s)
	}
	for text, want := range map[string]string{
		"threshold: []":                           "threshold",
		"line: {amount: ten}":                     "not a decimal number",
		"keep_years: 0":                           "keep_years",
		"typologies: {F-02: {times: 0}}":          "F-02.times",
		"typologies: {F-99: {times: 1}}":          "F-99",
		"rates: [{from: USD, to: ABC, value: 1}]": "ABC",
		"thresholds: [{countries: [XX], direction: up, system: ask, op: '<', amount: 1.001, currency: USD, from: 2020-01-01}]": "direction",
	} {
		if err := funds.CheckSettings([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, wanted something about %s", text, err, want)
		}
	}
}
