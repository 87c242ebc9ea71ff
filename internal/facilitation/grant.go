package facilitation

import (
	"context"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/store"
)

// single is an authorisation's that one entry uses up.
const single = "single"

// grant gives what was applied for: a number and its last day.
func (d *Domain) grant(ctx context.Context, tx store.Tx, a *Application, now time.Time) error {
	a.Since, a.Ended, a.Overdue = now.UTC(), time.Time{}, false
	switch a.Kind {
	case Membership:
		years := 5
		if p := d.settings.program(a.Form.Program); p != nil {
			years = p.Years
		}
		a.Until = now.UTC().AddDate(years, 0, 0)
	case Authorisation:
		from := a.Filed
		if now.Sub(from) > 30*24*time.Hour { // a review may take months; the time that it took is not the traveller's loss
			from = now.UTC()
		}
		a.Until, a.Entries = from.AddDate(d.settings.Authorisation.Years, 0, 0), d.settings.Authorisation.Entries
		if end, err := time.Parse(time.DateOnly, a.Form.Applicant.Document.Expiry); err == nil && end.AddDate(0, 0, 1).Before(a.Until) {
			a.Until = end.AddDate(0, 0, 1) // it is bound to the document
		}
	}
	return d.number(ctx, tx, a)
}

// number gives an application its number, once.
func (d *Domain) number(ctx context.Context, tx store.Tx, a *Application) error {
	if a.Number != "" {
		return nil
	}
	if a.Kind == Authorisation { // its holder knows it by the reference
		a.Number = a.Ref
		return nil
	}
	for {
		number, err := draw(d.random)
		if err != nil {
			return err
		}
		if number = "M" + number; a.Kind == Redress {
			number = country.Alpha2(d.home) + "-" + number[1:]
		}
		var taken string
		there, err := one(ctx, tx, &taken, `select id from facilitation_application where kind = $1 and number = $2`, string(a.Kind), number)
		if err != nil {
			return err
		}
		if !there {
			a.Number = number
			return nil
		}
	}
}

// renew lets a membership go on from its last day, whenever it was renewed.
func (a *Application) renew(s *Settings) {
	years := 5
	if p := s.program(a.Form.Program); p != nil {
		years = p.Years
	}
	a.Until, a.Renewal = a.Until.AddDate(years, 0, 0), nil
}
