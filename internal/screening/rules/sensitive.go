package rules

import "strings"

// sensitive are the kinds of data that may not decide about people, with the words their attributes' names would hold:
// no vocabulary has one. It is told apart from what is merely unknown so that whoever writes the rule knows not to look
// for another way to it. A stem ends in a hyphen; any other word is meant whole.
var sensitiveKinds = []struct {
	kind  string
	words []string
}{
	{"religion or belief", []string{"religi-", "faith", "belie-", "church", "mosque", "muslim", "islam-", "christian-", "jew-", "hindu-", "sect", "denomination"}},
	{"ethnic origin", []string{"ethni-", "race", "racial-", "trib-", "caste", "skin", "complexion"}},
	{"political opinion", []string{"politic-", "ideolog-"}},
	{"trade-union membership", []string{"union", "unions", "trade_union", "tradeunion", "syndicat-"}},
	{"health", []string{"health-", "medic-", "disab-", "disease", "illness", "pregnan-", "wheelchair", "handicap-", "diagnos-", "vaccin-", "blood", "assistance", "ssr_wchr", "wchr", "wchs", "wchc", "meda", "oxygen", "stretcher"}},
	{"a meal, which tells of religion or health", []string{"meal", "meals", "diet-", "food", "halal", "kosher", "moml", "ksml", "hnml", "vgml", "dbml"}},
	{"sexual life or orientation", []string{"sexual-", "orientation", "gay", "lesbian", "transgender", "marital-"}},
	{"genetic or biometric data", []string{"genetic-", "dna", "biometr-", "fingerprint-", "iris"}},
}

// sensitive says whether a name speaks of data that may not decide about people, and of what kind.
func sensitive(name string) (kind string, is bool) {
	words := strings.FieldsFunc(snake(name), func(r rune) bool { return r == '_' || r == '.' || r == ' ' })
	words = append(words, strings.Join(words, "_"), strings.Join(words, ""))
	for _, k := range sensitiveKinds {
		for _, w := range words {
			for _, s := range k.words {
				if stem, ok := strings.CutSuffix(s, "-"); ok && strings.HasPrefix(w, stem) || w == s {
					return k.kind, true
				}
			}
		}
	}
	return "", false
}

// snake writes specialMeal as special_meal.
func snake(name string) string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			if lower {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
			lower = false
		} else {
			lower = r != '_'
		}
		b.WriteRune(r)
	}
	return b.String()
}
