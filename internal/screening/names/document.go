package names

// Documents are compared by their number: capitals and digits, no signs between. A number that is equal but for O and 0,
// I and 1 may be one misread.

// shortestNumber that says anything.
const shortestNumber = 5

// AppendCompact appends a number as it is compared: capitals and digits only.
func AppendCompact(dst []byte, number string) []byte {
	for i := range len(number) {
		switch c := number[i]; {
		case c >= 'a' && c <= 'z':
			dst = append(dst, c-'a'+'A')
		case c >= 'A' && c <= 'Z' || c >= '0' && c <= '9':
			dst = append(dst, c)
		}
	}
	return dst
}

func compact(number string) string { return string(AppendCompact(nil, number)) }

// hashNumber is the same for numbers that a reader may take for one another.
func hashNumber(compacted string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(compacted) {
		h = (h ^ uint64(alike(compacted[i]))) * 1099511628211
	}
	return h
}

func alike(c byte) byte {
	switch c {
	case 'O', 'Q', 'D':
		return '0'
	case 'I', 'L':
		return '1'
	}
	return c
}

// compareDocuments weighs two papers whose numbers hash alike; zero is no evidence.
func compareDocuments(asked, listed *Document) (code string, weight float32) {
	a, l := compact(asked.Number), compact(listed.Number)
	if len(a) != len(l) {
		return "", 0
	}
	for i := range len(a) {
		if alike(a[i]) != alike(l[i]) {
			return "", 0
		}
	}
	same := asked.Country != "" && asked.Country == listed.Country
	switch {
	case a != l && same:
		return "document_like", w.documentLike
	case a != l:
		return "", 0
	case same && len(a) > shortestNumber:
		return "document_equal", w.document
	case same || asked.Country == "" || listed.Country == "":
		return "document_equal", w.documentAnyCountry
	}
	return "document_other_country", w.documentOtherCountry
}
