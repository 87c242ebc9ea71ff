package sharing

import (
	"reflect"
	"strings"
	"unicode"

	"github.com/rihla/rihla/internal/sharing/ledger"
)

// flawsOf names what is weak in data that leaves, for the review to count: a birth date that is likely a default, a name too
// short to be one, a field that is there and empty. The values themselves stay out of the log.
func flawsOf(values map[string]any) []string {
	var found []string
	if born, ok := values["person.dob"].(string); ok && strings.HasSuffix(born, "-01-01") {
		found = append(found, ledger.FlawBirthDefault)
	}
	for _, name := range []string{"person.family_name", "person.given_names"} {
		if text, ok := values[name].(string); ok && text != "" && letters(text) < 2 {
			found = append(found, ledger.FlawShortName)
			break
		}
	}
	for _, value := range values {
		if empty(value) {
			found = append(found, ledger.FlawEmptyField)
			break
		}
	}
	return found
}

func letters(text string) (n int) {
	for _, c := range text {
		if unicode.IsLetter(c) {
			n++
		}
	}
	return n
}

// empty says that a value is there and says nothing; false and 0 say something.
func empty(value any) bool {
	if value == nil {
		return true
	}
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.String:
		return strings.TrimSpace(v.String()) == ""
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	}
	return false
}
