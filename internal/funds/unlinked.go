package funds

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
)

// jobUnlinked is the clock of a declaration whose traveller's journey is looked for.
const jobUnlinked = Name + ".unlinked"

const (
	lookAgainEvery = 24 * time.Hour     // for a journey that was not found
	lookAgainUntil = 7 * 24 * time.Hour // after the declaration: carriers file late, not for ever
)

// unlinkedAt is when the journey is looked for: some time after the declaration was filed or made, for carriers file late too.
func (d *Domain) unlinkedAt(e *Entry, now time.Time) jobs.Job {
	from := now
	if e.At.After(from) {
		from = e.At
	}
	return jobs.Job{ID: jobUnlinked + "/" + e.ID, Kind: jobUnlinked, Due: from.Add(time.Duration(d.settings.Unlinked) * time.Hour), Body: []byte(e.ID)}
}

// lookForJourney says whether the carrier of a declaration is known on a flight of that day. Where not, the desk is told,
// and it is looked for again.
func (d *Domain) lookForJourney(ctx context.Context, tx store.Tx, id string) (e pipeline.Effects, err error) {
	decl, err := entryByID(ctx, tx, id)
	if err != nil || decl == nil || decl.Declaration == nil || d.others == nil {
		return e, err
	}
	found, err := d.journeys(ctx, tx, decl)
	if err != nil {
		return e, err
	}
	changed, err := flag(ctx, tx, id, CodeUnlinked, len(found) == 0)
	if err != nil {
		return e, err
	}
	if changed {
		e.Due = []screening.ID{screening.ID(decl.party(Carrier))}
		e.Touched = []string{id}
		e.Events = []pipeline.Event{{Name: string(Declared), ID: id, Counts: map[string]int{"journeys": len(found)}}}
	}
	if len(found) == 0 && tx.Now().Before(decl.At.Add(lookAgainUntil)) {
		e.Jobs = []jobs.Job{{ID: jobUnlinked + "/" + id, Kind: jobUnlinked, Due: tx.Now().Add(lookAgainEvery), Body: []byte(id)}}
	}
	return e, nil
}

// journeys are the flights of about that day that the carrier is known on: whoever shows the same document there.
func (d *Domain) journeys(ctx context.Context, r store.Reader, e *Entry) ([]journey, error) {
	carrier := e.party(Carrier)
	if carrier == "" || d.others == nil {
		return nil, nil
	}
	trips, err := links.Trips(ctx, r, screening.ID(carrier))
	if err != nil || len(trips) == 0 {
		return nil, err
	}
	sheets, err := d.others(ctx, r, trips)
	if err != nil {
		return nil, err
	}
	var out []journey
	for _, id := range trips {
		sheet, known := sheets[id]
		if !known {
			continue
		}
		on, designator := flown(&sheet)
		wanted := cmp.Or(dayOf(e.Declaration.FlightDate), dayOf(e.Declaration.day()))
		if apart := on.Sub(wanted.Time()); on.IsZero() || apart < -24*time.Hour || apart > 24*time.Hour {
			continue
		}
		j := journey{Subject: string(id), Title: sheet.Title, Context: sheet.Context, Path: sheet.Path, Strength: "document"}
		if e.Declaration.Flight != "" && designator != e.Declaration.Flight {
			j.Strength = "document_other_flight"
		}
		out = append(out, j)
	}
	slices.SortFunc(out, func(a, b journey) int {
		return cmp.Or(cmp.Compare(a.Strength, b.Strength), cmp.Compare(a.Subject, b.Subject))
	})
	return out, nil
}

// flown reads day and flight off what another domain says of a subject.
func flown(s *casework.Sheet) (day time.Time, designator string) {
	for _, l := range s.Lines {
		switch l.Label {
		case "flight":
			designator = flight(l.Value)
		case "departure_local":
			day = dayOf(l.Value[:min(len(l.Value), len(time.DateOnly))]).Time()
		}
	}
	if day.IsZero() { // the context has the day too: ZZ431 2026-11-24 LHR-BAH
		for _, word := range strings.Fields(s.Context) {
			if on := dayOf(word); on.Full() {
				day = on.Time()
			}
		}
	}
	return day, designator
}

// The codes of what clocks find, and of what stands at the other end.
const (
	CodeUnlinked   = "unlinked_declaration"
	CodeOneSided   = "one_sided"
	CodeDifference = "partner_difference"
	CodeOverdue    = "freeze_overdue"
)

// flag notes or takes back what a clock found; changed is false where it was so already.
func flag(ctx context.Context, tx store.Tx, entry, what string, on bool) (changed bool, err error) {
	query := `delete from funds_flag where entry = $1 and what = $2`
	if on {
		query = `insert into funds_flag (entry, what) values ($1, $2) on conflict (entry, what) do nothing`
	}
	done, err := tx.ExecContext(ctx, query, entry, what)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n > 0, err
}
