package cargo

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

func upper(s string) string { return strings.ToUpper(s) }

func ordinal(n int) string { return strconv.Itoa(n) }

// count writes a number; nothing for none.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// kilograms writes grams as 410.5; nothing for none.
func kilograms(grams int64) string {
	if grams == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(grams)/1000, 'f', -1, 64)
}

// jsonText writes a value as a text column has it.
func jsonText(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

func readText(b []byte, into any) error { return json.Unmarshal(b, into) }

// thousandths rounds a figure for people.
func thousandths(x float64) float64 { return math.Round(x*1000) / 1000 }
