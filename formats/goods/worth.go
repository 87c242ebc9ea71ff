package goods

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// How a declared value lies to what goods of its kind are worth.
const (
	WorthLow  = "low"
	WorthHigh = "high"
)

// Worth tells whether a declared value, by the kilogram, is less or more than is usual for goods of these codes: WorthLow,
// WorthHigh, or "" where it is usual or nothing is known of the goods or the currency. Of several codes any one may be what
// the value is of.
func Worth(codes []HS, perKg float64, currency string) string {
	rate, known := rates()[currency]
	if !known || perKg <= 0 || len(codes) == 0 {
		return ""
	}
	var least, most float64
	for i, code := range codes {
		r, known := valueRange(code)
		if !known {
			return ""
		}
		if i == 0 || r[0] < least {
			least = r[0]
		}
		most = max(most, r[1])
	}
	switch dollars := perKg * rate; {
	case dollars < least:
		return WorthLow
	case dollars > most:
		return WorthHigh
	}
	return ""
}

func valueRange(code HS) (r [2]float64, known bool) {
	all := valueRanges()
	if r, known = all[code.Heading()]; !known && len(code) >= 2 {
		r, known = all[string(code[:2])]
	}
	return r, known
}

//go:embed values.tsv
var valuesText string

//go:embed rates.tsv
var ratesText string

// valueRanges are least and most by code. A line of the table that is none would be found by its test.
var valueRanges = sync.OnceValue(func() map[string][2]float64 {
	out := map[string][2]float64{}
	for columns := range lines(valuesText, 3) {
		least, errLeast := strconv.ParseFloat(columns[1], 64)
		most, errMost := strconv.ParseFloat(columns[2], 64)
		if errLeast == nil && errMost == nil {
			out[columns[0]] = [2]float64{least, most}
		}
	}
	return out
})

var rates = sync.OnceValue(func() map[string]float64 {
	out := map[string]float64{}
	for columns := range lines(ratesText, 2) {
		if rate, err := strconv.ParseFloat(columns[1], 64); err == nil {
			out[columns[0]] = rate
		}
	}
	return out
})

// lines gives the lines of a table that have so many columns.
func lines(text string, columns int) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, "\r\n")
			if strings.HasPrefix(line, "#") {
				continue
			}
			if parts := strings.Split(line, "\t"); len(parts) == columns && !yield(parts) {
				return
			}
		}
	}
}
