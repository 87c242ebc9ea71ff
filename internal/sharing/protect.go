package sharing

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/store"
)

// Who seeks protection from a state is in a register of its own, by keyed digests of who they are: whoever reads the table
// learns nothing, and still no question from that state finds them.

// Protect enters a person in the register, against the states named (alpha-2 or alpha-3).
func (r *Room) Protect(ctx context.Context, by access.Principal, p Person, from []string) error {
	identities := r.identities(&p)
	if len(identities) == 0 {
		return api.Errorf(api.Unprocessable, "name the person: a document, or a name with a date of birth")
	}
	if len(from) == 0 {
		return api.Errorf(api.Unprocessable, "name the states that must not learn of this person")
	}
	id := keys.Event()
	return r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		var rows [][]any
		for _, identity := range identities {
			for _, c := range from {
				rows = append(rows, []any{identity, id, country.Alpha2(c), by.Name, store.Micros(r.now())})
			}
		}
		if _, err := saveProtected.Exec(ctx, tx, rows); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by.Name, Role: string(by.Role), Action: "protected.add", Touched: []string{id}})
	})
}

var saveProtected = store.NewInsert("sharing_protected", []string{"identity", "id", "country", "placed_by", "at"}, "on conflict (identity, country) do nothing")

// identities are the keyed digests that a person is known by: the document, and the name with the date of birth, however
// it is written.
func (r *Room) identities(p *Person) (out []string) {
	if d := p.Document; d != nil && d.Number != "" {
		out = append(out, r.o.Keys.ID("protected", "document", country.ISO(d.Issuer), string(names.AppendCompact(nil, d.Number))))
	}
	if key := names.Key(names.Name{Surname: p.FamilyName, Given: p.GivenNames}); key != "" && p.DOB != "" {
		out = append(out, r.o.Keys.ID("protected", "name", key, p.DOB))
	}
	return out
}

func (r *Room) protectedFrom(ctx context.Context, rd store.Reader, p *Person) ([]string, error) {
	var from []string
	err := store.ForKeys(ctx, rd, "select country from sharing_protected where identity in (:keys)", r.identities(p), func(rows *sql.Rows) error {
		var c string
		err := rows.Scan(&c)
		if !slices.Contains(from, c) {
			from = append(from, c)
		}
		return err
	})
	slices.Sort(from)
	return from, err
}

// likeAHuman is how long people here have taken to answer a share of late, and the pseudonym of one who did, so that an
// answer of the machine's, which must look like theirs, comes when theirs would, from one of them.
func (r *Room) likeAHuman(ctx context.Context, rd store.Reader, t *Thread, dice string) (after time.Duration, officer string, err error) {
	type human struct {
		took time.Duration
		who  string
	}
	var humans []human
	err = store.Rows(ctx, rd, func(rows *sql.Rows) error {
		var asked, answered int64
		var h human
		err := rows.Scan(&asked, &answered, &h.who)
		h.took = store.Time(answered).Sub(store.Time(asked))
		humans = append(humans, h)
		return err
	}, `select t.asked_at, t.answered_at, a.person from sharing_thread t join sharing_approval a on a.thread = t.id and a.stage = 'release'
		where t.agreement = $1 and t.asked_at > $2 and t.share = $3 and t.direction = 'in' and t.state = 'answered'
		order by t.asked_at desc limit 50`, t.Agreement, store.Micros(r.now().Add(-30*day)), t.Share)
	if err != nil {
		return 0, "", err
	}
	if len(humans) == 0 {
		return max(r.o.ReplyFloor, t.Due.Sub(t.AskedAt)/2), r.pseudonym("duty officer"), nil
	}
	at := 0
	for _, b := range []byte(dice) { // the same for the same question, and not to be foretold
		at = (at*31 + int(b)) % len(humans)
	}
	return humans[at].took, r.pseudonym(humans[at].who), nil
}
