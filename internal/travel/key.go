package travel

import (
	"strings"
	"time"

	"github.com/rihla/rihla/formats/airport"
)

// Key is a flight's natural key: the operating designator and the leg that crosses the border, with its local
// departure date.
type Key struct {
	Carrier string // IATA or ICAO designator, or a registration of a private flight
	Number  string // without leading zeros
	Suffix  string
	Date    string // local departure date at From, YYYY-MM-DD; empty when the sender gave none that can be read
	From    string
	To      string
}

// String writes the key as people say it: ZZ431 2026-11-24 LHR-BAH.
func (k Key) String() string {
	return k.Carrier + k.Number + k.Suffix + " " + k.Date + " " + k.From + "-" + k.To
}

func (k Key) parts() []string {
	return []string{k.Carrier, k.Number, k.Suffix, k.Date, k.From, k.To}
}

// named says that the key can find a flight: a number, and at least one end.
func (k Key) named() bool { return k.Number != "" && (k.From != "" || k.To != "") }

// Identifier names things for ever by a keyed hash of their natural key.
type Identifier interface {
	ID(kind string, parts ...string) string
}

// ID is the flight's id.
func (k Key) ID(ids Identifier) string { return ids.ID("flight", k.parts()...) }

// instant turns a local airline time ("2026-11-24T01:15") at an airport into UTC. Unknown airports count as UTC:
// a time an hour or two off is better than no flight, and the page says which zone was unknown.
func instant(local, at string) time.Time {
	t, err := time.Parse("2006-01-02T15:04", local)
	if err != nil {
		return time.Time{}
	}
	where, ok := lookup(at)
	if !ok {
		return t
	}
	utc, _ := where.Instant(t)
	return utc
}

// lookup finds an airport by IATA or ICAO code.
func lookup(code string) (airport.Airport, bool) {
	if len(code) == 4 {
		return airport.ByICAO(strings.ToUpper(code))
	}
	return airport.ByIATA(strings.ToUpper(code))
}
