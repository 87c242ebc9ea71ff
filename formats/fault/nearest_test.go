package fault_test

import (
	"testing"

	"github.com/rihla/rihla/formats/fault"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"surname", "given", "birth_date"}
	for _, test := range []struct {
		word string
		away int
		want string
	}{
		{"surname", 2, "surname"}, {"surnmae", 2, "surname"}, {"givne", 2, "given"}, {"birthdate", 2, "birth_date"}, {"birthdate", 0, ""}, {"religion", 2, ""}, {"", 2, ""},
	} {
		if got := fault.Nearest(test.word, known, test.away); got != test.want {
			t.Errorf("%q within %d: %q, wanted %q", test.word, test.away, got, test.want)
		}
	}
}
