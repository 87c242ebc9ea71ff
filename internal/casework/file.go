package casework

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// File is everything a desk needs to decide one case.
type File struct {
	Case      Case                `json:"case"`
	Sheet     Sheet               `json:"sheet"`
	Findings  []screening.Finding `json:"findings"`
	Outcomes  []Outcome           `json:"outcomes"`
	Prepared  string              `json:"prepared,omitempty"` // the outcome that one person's word is enough for: a fact speaks for it
	Decisions []Decision          `json:"decisions"`
	History   []Happening         `json:"history"`
	Earlier   []Decision          `json:"earlier"` // what was decided on the same person before
}

// Case gives a case whole, as of one moment.
func (d *Desk) Case(ctx context.Context, p access.Principal, id string) (File, error) {
	var f File
	err := d.st.Snapshot(ctx, func(ctx context.Context, r store.Reader) error {
		c, offer, err := d.visible(ctx, r, p, id)
		if err != nil {
			return err
		}
		f = File{Case: c, Outcomes: offered(offer, &c)}
		if f.Prepared, err = prepared(ctx, r, offer, &c); err != nil {
			return err
		}
		if f.Sheet, err = describe(ctx, r, offer.Domain, c); err != nil {
			return err
		}
		if f.Findings, err = findingsOf(ctx, r, c); err != nil {
			return err
		}
		if f.Decisions, err = decisionsOf(ctx, r, []string{c.ID}); err != nil {
			return err
		}
		if f.History, err = historyOf(ctx, r, c.ID); err != nil {
			return err
		}
		f.Earlier, err = earlier(ctx, r, offer.Domain, c)
		return err
	})
	if err != nil {
		return File{}, err
	}
	return f, d.o.Reads.Read(ctx, audit.Entry{Actor: p.Name, Role: string(p.Role), Action: "case.read", Touched: []string{f.Case.ID, string(f.Case.Subject)}})
}

// describe asks the domain; of a subject that is no more, the case itself still knows who it was.
func describe(ctx context.Context, r store.Reader, domain Domain, c Case) (Sheet, error) {
	sheet, err := domain.Describe(ctx, r, c.Subject)
	var problem *api.Error
	if errors.Is(err, sql.ErrNoRows) || errors.As(err, &problem) && problem.Kind == api.NotFound {
		sheet, err = Sheet{Title: c.Title, Context: c.Context, Until: c.Until}, nil
	}
	if sheet.Lines == nil {
		sheet.Lines = []Line{}
	}
	return sheet, err
}

// findingsOf shows what lives of an unfinished case, and of a closed one also what was dismissed or withdrawn.
func findingsOf(ctx context.Context, r store.Reader, c Case) ([]screening.Finding, error) {
	var found []screening.Finding
	if c.State == Closed {
		all, err := screening.History(ctx, r, c.Subject)
		if err != nil {
			return nil, err
		}
		found = all
	} else {
		live, err := screening.OfSubjects(ctx, r, []screening.ID{c.Subject})
		if err != nil {
			return nil, err
		}
		found = live[c.Subject]
	}
	return append([]screening.Finding{}, found...), nil
}

// earlier gives the decisions of other cases of the same subject or the same identity, newest first.
func earlier(ctx context.Context, r store.Reader, domain Domain, c Case) ([]Decision, error) {
	identity, err := identityOf(ctx, r, domain, c.Subject)
	if err != nil {
		return nil, err
	}
	others := map[string]bool{}
	note := func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		others[id] = true
		return err
	}
	if err := store.ForKeys(ctx, r, `select case_id from casework_identity where identity in (:keys)`, identity, note); err != nil {
		return nil, err
	}
	if err := store.Rows(ctx, r, note, `select id from casework_case where subject = $1`, string(c.Subject)); err != nil {
		return nil, err
	}
	delete(others, c.ID)
	list := make([]string, 0, len(others))
	for id := range others {
		list = append(list, id)
	}
	slices.Sort(list)
	return decisionsOf(ctx, r, list)
}
