package airport

import "time"

// Airport is one place that aircraft leave from.
type Airport struct {
	IATA    string // three letters
	ICAO    string // four characters; "" where there is none
	Country string // ISO 3166-1 alpha-3
	City    string
	Name    string
	Arabic  string // the name in Arabic script, where the source has one
	Zone    string // in the IANA time zone database, e.g. Asia/Bahrain

	Latitude, Longitude float64 // degrees, to about a hundred metres

	zone *zone
}

// ByIATA finds an airport by its three letters, upper case.
func ByIATA(code string) (Airport, bool) {
	t := table()
	i, ok := search(t.airports, nil, code)
	if !ok {
		return Airport{}, false
	}
	return t.airports[i], true
}

// ByICAO finds an airport by its four characters, upper case.
func ByICAO(code string) (Airport, bool) {
	t := table()
	i, ok := search(t.airports, t.byICAO, code)
	if !ok {
		return Airport{}, false
	}
	return t.airports[i], true
}

// All calls yield with every airport, in the order of their IATA codes, until it returns false.
func All(yield func(Airport) bool) {
	for _, a := range table().airports {
		if !yield(a) {
			return
		}
	}
}

// Location is the airport's time zone; UTC where this machine does not know it.
func (a Airport) Location() *time.Location {
	if a.zone == nil {
		return time.UTC
	}
	return a.zone.location()
}

// Instant is when the airport's clocks show the year, month, day, hour, minute and second of local, whatever its
// location. See [Instant].
func (a Airport) Instant(local time.Time) (at time.Time, exact bool) {
	return Instant(local, a.Location())
}

// search finds code among airports sorted by IATA, or through order, which sorts them by ICAO.
func search(airports []Airport, order []int32, code string) (int, bool) {
	n := len(airports)
	if order != nil {
		n = len(order)
	}
	lo, hi := 0, n
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		at, key := mid, ""
		if order != nil {
			at = int(order[mid])
			key = airports[at].ICAO
		} else {
			key = airports[at].IATA
		}
		switch {
		case key == code:
			return at, true
		case key < code:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return 0, false
}
