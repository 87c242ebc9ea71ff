package airport

import (
	"cmp"
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// tsv is one airport a line, sorted by IATA: IATA, ICAO, country, city, name, Arabic name, latitude, longitude, zone.
// A zone is written out the first time and as its number, counted from 0, from then on. A name that is the city's
// followed by " Airport" or " International Airport" is written "A" or "I" after a '~'.
//
//go:embed airports.tsv
var tsv string

type airports struct {
	airports []Airport // by IATA
	byICAO   []int32   // those that have an ICAO code, by it
}

// zone is a time zone of the table, loaded when it is first asked for.
type zone struct {
	name string
	once sync.Once
	loc  *time.Location
}

func (z *zone) location() *time.Location {
	z.once.Do(func() {
		loc, err := time.LoadLocation(z.name)
		if err != nil {
			loc = time.UTC
		}
		z.loc = loc
	})
	return z.loc
}

var table = sync.OnceValue(parse)

func parse() *airports {
	t := &airports{airports: make([]Airport, 0, strings.Count(tsv, "\n"))}
	var zones []*zone
	for line := range strings.Lines(tsv) {
		var f [9]string
		rest := strings.TrimSuffix(line, "\n")
		for i := range f {
			f[i], rest, _ = strings.Cut(rest, "\t")
		}
		a := Airport{IATA: f[0], ICAO: f[1], Country: f[2], City: f[3], Name: f[4], Arabic: f[5]}
		switch a.Name {
		case "~A":
			a.Name = a.City + " Airport"
		case "~I":
			a.Name = a.City + " International Airport"
		}
		// The table is this package's own; a test reads it all, so a number that is none cannot be here.
		a.Latitude, _ = strconv.ParseFloat(f[6], 64)
		a.Longitude, _ = strconv.ParseFloat(f[7], 64)
		if n, err := strconv.Atoi(f[8]); err == nil && n < len(zones) {
			a.zone = zones[n]
		} else {
			a.zone = &zone{name: f[8]}
			zones = append(zones, a.zone)
		}
		a.Zone = a.zone.name
		t.airports = append(t.airports, a)
	}
	for i := range t.airports {
		if t.airports[i].ICAO != "" {
			t.byICAO = append(t.byICAO, int32(i))
		}
	}
	slices.SortFunc(t.byICAO, func(a, b int32) int { return cmp.Compare(t.airports[a].ICAO, t.airports[b].ICAO) })
	return t
}
