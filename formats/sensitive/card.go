package sensitive

// A payment card number has 13 to 19 digits (ISO/IEC 7812); the first 6 (the issuer) and the last 4 may be kept.
const (
	minCard, maxCard = 13, 19
	usualCard        = 16
	keptHead         = 6
	keptTail         = 4
)

// MaskCard truncates a number that is known to be a card's: first 6, Mask, last 4. Blanks and hyphens go.
// A number masked before passes unchanged, one too short to keep both ends is masked whole.
func MaskCard(number string) string {
	if maskedCard(number) {
		return number
	}
	clean := make([]byte, 0, len(number))
	for i := 0; i < len(number); i++ {
		if c := number[i]; c != ' ' && c != '-' {
			clean = append(clean, c)
		}
	}
	digits := 0
	for _, c := range clean {
		if isDigit(c) {
			digits++
		}
	}
	if digits <= keptHead+keptTail { // nothing in the middle is left to hide
		for i, c := range clean {
			if isDigit(c) && digits == len(clean) && i < len(clean)-keptTail {
				clean[i] = Mask
			}
		}
		return string(clean)
	}
	seen := 0
	for i, c := range clean {
		if !isDigit(c) {
			continue
		}
		if seen++; seen > keptHead && seen <= digits-keptTail {
			clean[i] = Mask
		}
	}
	return string(clean)
}

// maskedCard tells a number that was masked before and needs no more.
func maskedCard(number string) bool {
	digits := 0
	for i := 0; i < len(number); i++ {
		switch c := number[i]; {
		case c == ' ' || c == '-':
			return false
		case isDigit(c):
			digits++
		}
	}
	return digits <= keptHead+keptTail && digits < len(number)
}

// MaskCards overwrites the middle of every card number in a text; the text itself comes back where there is none. What
// masking one number leaves may, with digits beside it, make another: it goes on until none is left.
func MaskCards(text string) string {
	for {
		masked := maskCards(text)
		if masked == text {
			return text
		}
		text = masked
	}
}

func maskCards(text string) string {
	var out []byte
	CardDigits(text, 0, func(at []int) {
		if out == nil {
			out = []byte(text)
		}
		for _, i := range at {
			out[i] = Mask
		}
	})
	if out == nil {
		return text
	}
	return string(out)
}

// CardDigits calls hide for each card number in a text with the places of the digits that may not be kept.
// A number is 13 to 19 digits that pass the check of ISO/IEC 7812 (Luhn), or that follow a form of payment
// (CC and the card's two letters, as in CCVI4111…) whatever their check says. Between digits a line fold and
// the release character (0: none) are passed over, and one blank or hyphen between groups. The slice is only lent.
func CardDigits[T string | []byte](text T, release byte, hide func(at []int)) {
	count := 0
	for i := 0; i < len(text); i++ {
		if isDigit(text[i]) {
			count++
		}
	}
	if count < minCard { // nearly every text
		return
	}
	for i := 0; i+minCard <= len(text); {
		if isDigit(text[i]) {
			i = cardAt(text, i, release, hide)
		} else {
			i++
		}
	}
}

// cardAt looks for one card number whose first group of digits begins at i, and gives the place to go on from.
func cardAt[T string | []byte](text T, i int, release byte, hide func(at []int)) int {
	var places [maxCard]int
	var sum cardSum
	paid := afterForm(text, i)
	n, next := 0, 0 // next: behind the first group
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case isDigit(c):
			if n < maxCard {
				places[n] = i
				sum.add(n, c-'0')
			} else if next != 0 {
				return next
			}
			n++
			continue
		case c == '\r' || c == '\n' || release != 0 && c == release:
			continue
		case c != ' ' && c != '-':
			i = max(i, next)
			if card(n, &places, &sum, paid, next == 0, hide) || next == 0 {
				return i
			}
			return next
		}
		if card(n, &places, &sum, paid, next == 0, hide) {
			return i
		}
		if next == 0 {
			next = i
		}
		if i+1 >= len(text) || !isDigit(text[i+1]) {
			return next
		}
	}
	if card(n, &places, &sum, paid, next == 0, hide) || next == 0 {
		return i
	}
	return next
}

// card decides at the end of a group whether the n digits so far are a card's, and hides its middle.
func card(n int, places *[maxCard]int, sum *cardSum, paid, alone bool, hide func(at []int)) bool {
	switch {
	case n >= minCard && n <= maxCard && (paid || sum.valid(n)):
		hide(places[keptHead : n-keptTail])
	case n > maxCard && paid && alone: // its expiry glued behind
		hide(places[keptHead : usualCard-keptTail])
	default:
		return false
	}
	return true
}

// cardSum keeps both alternatives of the Luhn sum, because the number's length decides which digits double.
type cardSum struct{ even, odd int }

func (s *cardSum) add(i int, d byte) {
	double := int(d) * 2
	if double > 9 {
		double -= 9
	}
	if i%2 == 0 {
		s.even, s.odd = s.even+double, s.odd+int(d)
	} else {
		s.even, s.odd = s.even+int(d), s.odd+double
	}
}

func (s *cardSum) valid(n int) bool {
	if s.even == 0 { // all zeros pass the sum and are no card
		return false
	}
	if n%2 == 0 {
		return s.even%10 == 0
	}
	return s.odd%10 == 0
}

// afterForm tells that a number stands behind CC and a card's two letters.
func afterForm[T string | []byte](text T, i int) bool {
	for i > 0 && text[i-1] == ' ' {
		i--
	}
	return i >= 4 && upper(text[i-4]) == 'C' && upper(text[i-3]) == 'C' && letter(upper(text[i-2])) && letter(upper(text[i-1]))
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
