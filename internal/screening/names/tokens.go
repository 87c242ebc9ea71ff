package names

import (
	"strings"
)

// token is one word of a name, or several that stand for one: ABD AL RAHMAN.
type token struct {
	text  string
	bare  string // without what may be a glued article; empty is as text
	forms []form
	sense int16 // the row of the table of known names, plus one; zero is none
	latin bool
}

// word is a token in its place in a name.
type word struct {
	text     string // as compared; a compound's parts joined by +
	raw      string // as written, its parts without a space between
	particle bool   // AL, BIN, DE: no weight of its own, may join what follows
	field    role   // it came in: of given names, of the family's, or of both
	role     role
}

// mostWords bounds a name; the rest of a longer one is left out.
const mostWords = 12

// words appends the words of a name: titles and junk out, compounds joined, particles marked. loose says that the name
// came in one field, so that its order is anybody's guess. A compound torn apart by the fields, RAHMAN, ABDUL, is joined
// when across says so: whoever asks does not know where it was torn.
func (n *Name) words(dst []word, across bool) (ws []word, loose bool) {
	start := len(dst)
	dst = split(dst, fold(n.Given), given)
	forenames := len(dst) - start
	dst = split(dst, fold(n.Surname), family)
	if len(dst) == start {
		dst = split(dst, fold(n.Full), 0)
	}
	if loose = forenames == 0 || forenames == len(dst)-start; loose {
		for i := range dst[start:] {
			dst[start+i].field = 0
		}
	}
	var out []word
	if all := dst[start:]; loose || across {
		out = compounds(all)
	} else {
		out = compounds(all[:forenames])
		out = append(out, compounds(all[forenames:])...)
	}
	if len(out) > mostWords {
		out = out[:mostWords]
	}
	giveRoles(out, loose)
	return dst[:start+len(out)], loose
}

// split appends the words of one field without junk.
func split(dst []word, folded string, field role) []word {
	start := len(dst)
	for s := folded; s != "" && len(dst)-start < 2*mostWords; {
		var w string
		w, s, _ = strings.Cut(s, " ")
		dst = append(dst, word{text: w, field: field})
	}
	return dst[:start+len(dropJunk(dst[start:]))]
}

// giveRoles tells the first of the given names, by which a person is called, from fathers' and further names. Of a name
// in one field the first word is taken for the given name and the last for the family's.
func giveRoles(ws []word, loose bool) {
	first, last := -1, -1
	for i := range ws {
		if ws[i].particle {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
		switch {
		case ws[i].field == family:
			ws[i].role = family
		case i == first:
			ws[i].role = given
		default:
			ws[i].role = middle
		}
	}
	switch {
	case first < 0:
	case first == last && ws[first].field != family:
		ws[first].role = given | family
	case loose:
		ws[last].role = family
	}
}

// dropJunk leaves out titles, passenger types and placeholders: leading ones of honour, trailing ones of booking, and
// booking titles glued to the last word when a name of four letters is left.
func dropJunk(ws []word) []word {
	whole := ws
	for len(ws) > 1 && (honours[ws[0].text] || bookingTitles[ws[0].text]) {
		ws = ws[1:]
	}
	for len(ws) > 1 && bookingTitles[ws[len(ws)-1].text] {
		ws = ws[:len(ws)-1]
	}
	out := whole[:0]
	for _, w := range ws {
		if !placeholders[w.text] {
			out = append(out, w)
		}
	}
	for i := range out {
		out[i].text = unglue(out[i].text)
	}
	return out
}

// unglue takes MR, MRS, MSTR and their like off the end of a word: AHMEDMR. OMAR and SAMR stay whole, since what would
// be left is too short; so does any word that is itself a known name.
func unglue(w string) string {
	if len(w) < 6 || knownSense[w] != 0 {
		return w
	}
	for _, t := range gluedTitles {
		if rest, ok := strings.CutSuffix(w, t); ok && len(rest) >= 4 && (len(t) > 2 || rest[len(rest)-1] != 'A' || t == "MR" && len(rest) > 4) {
			return rest
		}
	}
	return w
}

// compounds joins what is one name in several words and marks the particles between.
func compounds(ws []word) []word {
	out := ws[:0]
	for i := 0; i < len(ws); i++ {
		t := ws[i].text
		rest := ws[i+1:]
		// whole says that this word and the next so many are one name.
		whole := func(text string, further int) {
			w := word{text: text, raw: t, field: ws[i].field}
			for _, r := range rest[:further] {
				w.raw += r.text
			}
			out = append(out, w)
			i += further
		}
		switch {
		case servantOf[t] && len(rest) > 0:
			skip := 0
			if articles[rest[0].text] && len(rest) > 1 {
				skip = 1
			}
			name := unarticled(rest[skip].text)
			if godly[name] {
				whole("ABD+LLH", skip+1)
			} else {
				whole("ABD+"+name, skip+1)
			}
		case fatherOf[t] && len(rest) > 0:
			skip := 0
			if articles[rest[0].text] && len(rest) > 1 {
				skip = 1
			}
			whole("ABU+"+unarticled(rest[skip].text), skip+1)
		case len(rest) > 1 && faithArticles[rest[0].text] && faith[rest[1].text]:
			whole(t+"+DIN", 2)
		case len(rest) > 0 && (faithGlued[rest[0].text] || faith[rest[0].text] && len(t) > 2 && !articles[t]):
			whole(t+"+DIN", 1)
		case len(rest) > 0 && (rest[0].text == "ALLAH" || rest[0].text == "ULLAH" || rest[0].text == "الله") && !articles[t] && len(t) > 2:
			whole(t+"+LLH", 1)
		case (articles[t] || assimilated(t, rest)) && len(rest) > 0, particles[t] && len(ws) > 1:
			out = append(out, word{text: t, raw: t, particle: true, field: ws[i].field})
		default:
			out = append(out, word{text: gluedCompound(t), raw: t, field: ws[i].field})
		}
	}
	return out
}

// assimilated recognises the article before a sun letter, ASH SHAMSI, AS SOURI: the next word begins as it ends.
func assimilated(t string, rest []word) bool {
	if len(rest) == 0 || len(t) < 2 || len(t) > 3 || t[0] != 'A' && t[0] != 'E' || isVowel(t[len(t)-1]) {
		return false
	}
	return strings.HasPrefix(rest[0].text, t[1:]) || sunArticles[t] && len(rest[0].text) > 3
}

// gluedCompound reads ABDULRAHMAN, ABDERRAHMANE, NOUREDDINE, SAIFULLAH and عبدالرحمن as the compounds they are.
func gluedCompound(t string) string {
	if rest, ok := strings.CutPrefix(t, "عبدال"); ok && len(rest) >= 4 {
		if rest == "له" || rest == "لله" {
			return "ABD+LLH"
		}
		return "ABD+" + rest
	}
	if rest, ok := strings.CutSuffix(t, "الدين"); ok && len(rest) >= 4 {
		return rest + "+DIN"
	}
	if rest, ok := strings.CutSuffix(t, "الله"); ok && len(rest) >= 4 {
		return rest + "+LLH"
	}
	if len(t) < 6 {
		return t
	}
	if rest, ok := strings.CutPrefix(t, "ABD"); ok {
		r := strings.TrimLeft(rest, "AEIOU")
		linked := len(r) < len(rest)
		switch {
		case servantOfGod(r):
			return "ABD+LLH"
		case len(r) < 3, !linked && len(r) < 4:
			return t
		case r[0] == 'L' && isVowel(r[1]):
			return "ABD+?" + r // ABDELATIF, ABDELAZIZ: with the L or without
		case r[0] == 'L' || r[0] == r[1]:
			return "ABD+" + r[1:] // ABDELKADER, ABDERRAHMAN, ABDELLATIF
		}
		return "ABD+" + r
	}
	for _, end := range faithEndings {
		if rest, ok := strings.CutSuffix(t, end); ok && len(rest) >= 2 {
			return rest + "+DIN"
		}
	}
	for _, end := range godEndings {
		if rest, ok := strings.CutSuffix(t, end); ok && len(rest) >= 3 {
			return rest + "+LLH"
		}
	}
	return t
}

// servantOfGod recognises what follows ABD, ABDU in the spellings of Abdullah.
func servantOfGod(r string) bool {
	switch r {
	case "LLAH", "LLA", "LAH", "LAA", "LLAHA", "LLAA", "LA":
		return true
	}
	return false
}

// unarticled takes a glued article off a word, when three letters are left.
func unarticled(w string) string {
	if rest, ok := strings.CutPrefix(w, "ال"); ok && len(rest) >= 6 {
		return rest
	}
	if len(w) < 5 {
		return w
	}
	if (w[0] == 'A' || w[0] == 'E') && w[1] == 'L' && !isVowel(w[2]) && w[2] != 'L' {
		return w[2:]
	}
	return w
}

// analyse gives a word its forms. What may be an article glued to a name is read both with and without it.
func analyse(text string) token {
	t := token{text: text, sense: knownSense[text], latin: !isArabic(text)}
	first, second, compound := strings.Cut(text, "+")
	switch {
	case text == "ABD+LLH":
		t.forms = []form{{key: "BD+LH", slots: "\x08\x08\x08\x08\x08\x08"}}
	case compound && first == "ABD":
		with, both := strings.CutPrefix(second, "?")
		t.forms = prefixed("BD+", read(with))
		if both {
			t.forms = append(t.forms, prefixed("BD+", read(with[1:]))...)
		}
	case compound && first == "ABU":
		t.forms = prefixed("AB+", read(second))
	case compound:
		for _, f := range read(unarticled(first)) {
			f.key += "+" + second
			f.slots += "\x08\x08\x08\x08"[:1+len(second)]
			t.forms = append(t.forms, f)
		}
	default:
		t.forms = read(text)
		for _, bare := range bares(text) {
			for i := range t.forms {
				t.forms[i].cost += 0.1 // an L of the name itself is the rarer case
			}
			for _, f := range read(bare) {
				f.cost += 0.02
				t.forms = append(t.forms, f)
			}
			if t.bare == "" {
				t.bare = bare
			}
			if t.sense == 0 {
				t.sense = knownSense[bare]
			}
		}
	}
	return t
}

// bares are the words that remain when what may be a glued article or a son-of is taken away.
func bares(w string) []string {
	if rest, ok := strings.CutPrefix(w, "ال"); ok {
		if len(rest) >= 6 {
			return []string{rest}
		}
		return nil
	}
	if len(w) < 5 || notArticle[w] {
		return nil
	}
	switch {
	case (w[0] == 'A' || w[0] == 'E') && w[1] == 'L' && (len(w) >= 6 || !isVowel(w[2])) && (!isVowel(w[2]) || w[2] != w[3]):
		return []string{w[2:]}
	case (w[0] == 'A' || w[0] == 'E') && w[1] == w[2] && !isVowel(w[1]) && len(w) >= 6:
		return []string{w[2:]}
	case len(w) >= 7 && (strings.HasPrefix(w, "ASHSH") || strings.HasPrefix(w, "ESHSH")):
		return []string{w[3:]}
	case len(w) >= 6 && (strings.HasPrefix(w, "BEN") || strings.HasPrefix(w, "BIN")):
		return []string{w[3:]}
	case len(w) >= 7 && strings.HasPrefix(w, "ABOU"):
		return []string{w[4:]}
	case len(w) >= 7 && strings.HasPrefix(w, "ABU"):
		return []string{w[3:]}
	}
	return nil
}

func read(w string) []form {
	if isArabic(w) {
		return arabicSkeletons(w)
	}
	return skeletons(w)
}

func prefixed(prefix string, forms []form) []form {
	for i := range forms {
		forms[i].key = prefix + forms[i].key
		forms[i].slots = strings.Repeat("\x08", len(prefix)) + forms[i].slots
	}
	return forms
}
