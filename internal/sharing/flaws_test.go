package sharing

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFlaws(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		values map[string]any
		want   []string
	}{
		"nothing":    {nil, nil},
		"good":       {map[string]any{"person.family_name": "Lí", "person.dob": "1979-11-30", "match.hit": false, "person.aliases": []string{"Abu Omar"}}, nil},
		"default":    {map[string]any{"person.dob": "1979-01-01"}, []string{"dob_default"}},
		"year only":  {map[string]any{"person.dob": "1979"}, nil},
		"short name": {map[string]any{"person.family_name": "X.", "person.given_names": "-"}, []string{"short_name"}},
		"Arabic":     {map[string]any{"person.family_name": "عمر"}, nil},
		"empty":      {map[string]any{"person.aliases": []any{}, "person.sex": " ", "person.nationality": nil}, []string{"empty_field"}},
	} {
		if diff := cmp.Diff(test.want, flawsOf(test.values)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
