package names

// The weights of the score, in natural log-odds. They were set by hand after the literature and adjusted on invented
// and public-domain names; a stronger engine will fit them.
const (
	// priorOdds against: of all the pairs that share a name, few are one person.
	priorOdds = 12
	// mostOfName that names alone can say: two people of one name exist, however rare it is.
	mostOfName = 13.5

	// furtherWord is the share of each word after the weightiest: names are not drawn word by word, whoever is called
	// PRIYA may well be a SHARMA.
	furtherWord = 0.85

	// resembles is what a word that only resembles loses of its weight: many words resemble one.
	resembles = 1.2

	againstConflict = 0.9 // of a word's weight: both have a word where the other has another
	againstExtra    = 0.3 // the traveller has a word more than the entry
	againstMissing  = 0.2 // the entry has a word more than the traveller
	leastAgainst    = 4.5
	mostAgainstWord = 6.0
	mostAgainstOdd  = 4.0

	weakShare = 0.6 // of a weak alias's name weight

	countryMet    = 0.8
	countryNotMet = -1
	sexEqual      = 0.2
	sexDiffers    = -2.5
)

// weakCeiling is the score a weak alias cannot pass without a date that agrees.
const weakCeiling = 0.55

func compareCountries(asked, listed []string) (string, string, string, float32) {
	if len(asked) == 0 || len(listed) == 0 {
		return "", "", "", 0
	}
	for _, a := range asked {
		for _, l := range listed {
			if a == l {
				return "nationality_equal", a, l, countryMet
			}
		}
	}
	return "nationality_differs", asked[0], listed[0], countryNotMet
}

func compareSex(asked, listed string) (string, float32) {
	if asked != "M" && asked != "F" || listed != "M" && listed != "F" {
		return "", 0
	}
	if asked == listed {
		return "sex_equal", sexEqual
	}
	return "sex_differs", sexDiffers
}

// bestBirth is the pair of dates that agrees best: an entry lists several because nobody knows which is right.
func bestBirth(asked, listed []birth) (code string, a, l int, weight float32) {
	for i := range asked {
		for j := range listed {
			c, w := compareBirths(asked[i], listed[j])
			if c != "" && (code == "" || w > weight) {
				code, a, l, weight = c, i, j, w
			}
		}
	}
	return code, a, l, weight
}
