package names

// weights of the score, in natural log-odds: how much likelier a finding is of one person than of two. They began as the
// literature has them (Fellegi and Sunter, Winkler) and were fitted, one at a time and never against their sense, to
// public-domain and invented names; docs/screening.md shows what they give.
type weights struct {
	prior float32 // against: of all the pairs that share a name, few are one person

	// A name. Each word counts what it is worth, rare ones more.
	othersHeard, othersBearing float64 // people and bearers assumed besides those listed: a short list says little of how rare a name is
	leastWord, mostWord        float32 // even the rarest name is one typing error from another
	mostName                   float32 // two people of one name exist, however rare it is
	beyond                     float32 // share of what a name would say beyond that
	further                    float32 // share of each word after the weightiest: names are not drawn word by word
	resembles                  float32 // what a word that only resembles loses: many do
	elsewhere                  float32 // share of a word that plays another part: a father's name here, a given one there
	crossed                    float32 // share of a given name that is the other's family name
	reversed                   float32 // against, when the fields must be exchanged to agree
	initial, cut               float32 // share of a word of which only the beginning is there
	mostCut                    float32
	weak                       float32 // share of a nickname's evidence

	// Words without a counterpart. A word against another is a conflict; a word too many is how names are.
	givenDiffers, familyDiffers, otherDiffers float32 // share of the weightier word's weight
	leastDiffers, mostDiffers                 float32 // which lies between
	nearly                                    float32 // share of that between words a typing error apart
	extra, missing                            float32 // share of a word only the traveller has, only the entry has
	mostExtra                                 float32

	birthEqual, birthSwapped, birthNewYear, birthSlip, birthYearSlip, birthYearDigit, birthMonth, birthYear float32
	birthOtherDay, birthOff1Year, birthOff1, birthOff3, birthFar                                            float32
	birthSpan, birthSpanStep, birthSpanFar                                                                  float32

	countryMet, countryNotMet float32
	sexEqual, sexDiffers      float32

	document, documentAnyCountry, documentOtherCountry, documentLike float32
	leastBesideDocument                                              float32 // all else together, when a document is equal

	offset float32 // from the sum to odds calibrated on the people the weights were fitted to: of a hundred pairs of a score, so many were one person
}

var w = weights{
	prior: -12, othersHeard: 8800, othersBearing: 1.35,
	leastWord: 1, mostWord: 8.8, mostName: 12.2, beyond: 0.02, further: 0.85, resembles: 1.45,
	elsewhere: 0.7, crossed: 0.7, reversed: 0.5, initial: 0.5, cut: 0.65, mostCut: 4.4, weak: 0.6,
	givenDiffers: 1, familyDiffers: 0.8, otherDiffers: 0.7, leastDiffers: 5.9, mostDiffers: 6.1, nearly: 0.3, extra: 0.3, missing: 0.1, mostExtra: 4,
	birthEqual: 9.5, birthSwapped: 5.9, birthNewYear: 4.8, birthSlip: 4, birthYearSlip: 5, birthYearDigit: 2, birthMonth: 6, birthYear: 4,
	birthOtherDay: -0.45, birthOff1Year: 0.55, birthOff1: -1.6, birthOff3: -5, birthFar: -7.7,
	birthSpan: 2.5, birthSpanStep: 1.05, birthSpanFar: -3,
	countryMet: 1.4, countryNotMet: -1.3, sexEqual: 0.4, sexDiffers: -2.7,
	document: 16, documentAnyCountry: 12, documentOtherCountry: 4, documentLike: 4, leastBesideDocument: -2,
	offset: 3,
}

// ofName is what words together say of a name.
func ofName(sum float32) float32 {
	if sum > w.mostName {
		return w.mostName + w.beyond*(sum-w.mostName)
	}
	return sum
}

// sumOfName is what words must be worth together for a name to say so much.
func sumOfName(most float32) float32 {
	if most > w.mostName {
		return w.mostName + (most-w.mostName)/w.beyond
	}
	return most
}

// together is what words of a sum of weights are worth as one name, at most: the weightiest counts whole.
func together(sum, weightiest float32) float32 {
	if sum > weightiest {
		return weightiest + w.further*(sum-weightiest)
	}
	return sum
}

// apart is the sum of weights that is worth so much together.
func apart(most, weightiest float32) float32 {
	if most > weightiest {
		return weightiest + (most-weightiest)/w.further
	}
	return most
}

// mostOfAnyName is more than a name of so many words says.
var mostOfAnyName = ofName(mostWords * w.mostWord)

// weakCeiling is the score a weak alias cannot pass without a date or a document that agrees.
const weakCeiling = 0.45

func (x *Index) compareCountries(asked []uint16, e *listedPerson) (a, l uint16, weight float32) {
	listed := x.nations[e.nation : e.nation+uint32(e.nations)]
	if len(asked) == 0 || len(listed) == 0 {
		return 0, 0, 0
	}
	for _, a := range asked {
		for _, l := range listed {
			if a == l {
				return a, l, w.countryMet
			}
		}
	}
	return asked[0], listed[0], w.countryNotMet
}

func compareSex(asked, listed byte) float32 {
	switch {
	case asked == 0 || listed == 0:
		return 0
	case asked == listed:
		return w.sexEqual
	}
	return w.sexDiffers
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
