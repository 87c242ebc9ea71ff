package casework

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/store"
)

// longestNote is what a case's history can show without becoming a filing cabinet.
const longestNote = 4000

// Claim takes an open case on. Claiming one's own again changes nothing; another's is a conflict that names them.
func (d *Desk) Claim(ctx context.Context, p access.Principal, id string) (Case, error) {
	var now Case
	err := d.act(ctx, p, id, func(tx store.Tx, c Case, _ Offer) (deed, error) {
		now = c
		switch {
		case (c.State == Claimed || c.State == Waiting) && c.ClaimedBy == p.Name:
			return deed{still: true}, nil
		case c.State == Waiting:
			return deed{}, api.Errorf(api.Conflict, "the case waits for an answer; decide it as it is, or wait with it")
		case c.State == Claimed:
			return deed{}, takenBy(c)
		case c.State == Pending:
			return deed{}, api.Errorf(api.Conflict, "a decision on this case waits for a second person; it cannot be claimed")
		case c.State == Closed:
			return deed{}, api.Errorf(api.Conflict, "the case is closed already (%s)", c.Outcome)
		}
		c.State, c.ClaimedBy, c.ClaimedAt = Claimed, p.Name, moment(tx)
		now = c
		now.Version++
		return deed{c: c, action: "case.claim", what: "claimed"}, nil
	})
	return now, err
}

// Release puts a claimed case back into the queue: one's own, or as a supervisor anybody's.
func (d *Desk) Release(ctx context.Context, p access.Principal, id string) (Case, error) {
	var now Case
	err := d.act(ctx, p, id, func(_ store.Tx, c Case, _ Offer) (deed, error) {
		now = c
		switch {
		case c.State == Open:
			return deed{still: true}, nil
		case c.State != Claimed:
			return deed{}, api.Errorf(api.Conflict, "the case is %s and cannot be released", c.State)
		case c.ClaimedBy != p.Name && !p.Is(access.Supervisor):
			return deed{}, takenBy(c)
		}
		from := c.ClaimedBy
		c.State, c.ClaimedBy, c.ClaimedAt = Open, "", time.Time{}
		now = c
		now.Version++
		return deed{c: c, action: "case.release", what: "released", detail: from}, nil
	})
	return now, err
}

// Note adds a remark to a case's history, whoever has it.
func (d *Desk) Note(ctx context.Context, p access.Principal, id, text string) (Happening, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n == 0 || n > longestNote {
		return Happening{}, api.Errorf(api.Unprocessable, "a note has 1 to %d characters; this one has %d", longestNote, n)
	}
	var noted Happening
	err := d.act(ctx, p, id, func(tx store.Tx, c Case, _ Offer) (deed, error) {
		noted = Happening{At: moment(tx), By: p.Name, What: "note", Detail: text}
		return deed{c: c, action: "case.note", what: "note", detail: text}, nil
	})
	return noted, err
}
