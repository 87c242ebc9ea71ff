package names

// arabicSkeletons reads a word in Arabic script into the classes that skeletons gives its Latin spellings; Hebrew, which
// leaves its vowels out as well, is read letter by letter as the Arabic it is kin to.
func arabicSkeletons(word string) []form {
	letters := []rune(word)
	for i, r := range letters {
		if a := kin[r]; a != 0 {
			letters[i] = a
		}
	}
	rs := []reading{{slots: []byte{unwritten}}}
	mark := func(m byte) {
		for i := range rs {
			rs[i].slots[len(rs[i].slots)-1] |= m
		}
	}
	add := func(classes string) {
		grown := rs
		for a := 1; a < len(classes); a++ {
			for _, r := range rs {
				if len(grown) < mostForms {
					grown = append(grown, r.withUnwritten(classes[a]))
				}
			}
		}
		for i := range rs {
			grown[i] = rs[i].withUnwritten(classes[0])
		}
		rs = grown
	}
	both := func(c byte) { // either this consonant or nothing
		for _, r := range rs {
			if len(rs) < mostForms {
				rs = append(rs, r.withUnwritten(c))
			}
		}
	}
	for i, r := range letters {
		last := i == len(letters)-1
		switch {
		case r == 'ا' || r == 'ع':
			if r == 'ا' && i > 0 {
				mark(vowelA)
			}
		case r == 'و' && i == 0:
			add("W")
		case r == 'و':
			mark(vowelU)
		case r == 'ي' && i == 0:
			add("Y")
		case r == 'ي' && last:
			add("Y")
		case r == 'ي':
			mark(vowelI)
		case r == 'ى':
			mark(vowelA)
			both('Y')
		case r == 'ه' && last:
			both('H')
		case r == 'ة':
		default:
			if c := arabicClass[r]; c != "" {
				add(c)
			}
		}
	}
	forms := make([]form, 0, len(rs))
	for _, r := range rs {
		forms = addForm(forms, form{key: string(r.key), slots: string(r.slots), cost: r.cost})
	}
	return forms
}

func (r reading) withUnwritten(c byte) reading {
	w := r.with(c, false)
	w.slots[len(w.slots)-1] = unwritten
	return w
}

// arabicClass maps a letter to its class or classes: the same letters skeletons writes.
var arabicClass = map[rune]string{
	'ب': "B", 'پ': "B", 'ت': "T", 'ط': "T", 'ث': "TS", 'ج': "J", 'چ': "C", 'ژ': "J", 'ح': "H", 'ه': "H", 'خ': "X", 'د': "D", 'ض': "D", 'ذ': "DZ", 'ظ': "ZD",
	'ر': "R", 'ز': "Z", 'س': "S", 'ص': "S", 'ش': "C", 'غ': "G", 'ف': "F", 'ڤ': "F", 'ق': "K", 'ك': "K", 'ل': "L", 'م': "M", 'ن': "N",
}

// kin gives a Hebrew letter the Arabic one of the same root.
var kin = map[rune]rune{
	'א': 'ا', 'ב': 'ب', 'ג': 'غ', 'ד': 'د', 'ה': 'ه', 'ו': 'و', 'ז': 'ز', 'ח': 'ح', 'ט': 'ط', 'י': 'ي', 'כ': 'ك', 'ך': 'ك', 'ל': 'ل', 'מ': 'م', 'ם': 'م',
	'נ': 'ن', 'ן': 'ن', 'ס': 'س', 'ע': 'ع', 'פ': 'ف', 'ף': 'ف', 'צ': 'ص', 'ץ': 'ص', 'ק': 'ق', 'ר': 'ر', 'ש': 'ش', 'ת': 'ت',
}
