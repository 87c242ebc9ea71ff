package sharing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/matching"
	"github.com/rihla/rihla/internal/store"
)

// commitmentKept is how long this state's watcher can hold a batch against the flight it was about.
const commitmentKept = 30 * day

func commitmentOf(run string) string { return run + "/commitment" }

// MatchAudit holds a batch of this state's against the flight it was about: what the partner was sent the root of, before it
// answered, and who is on the manifest. It is the control against asking about people who do not fly.
type MatchAudit struct {
	Run       string            `json:"run"`
	Root      string            `json:"root" doc:"As the partner has it"`
	Holds     bool              `json:"holds" doc:"The leaves that were kept make this root"`
	Committed int               `json:"committed" doc:"People who were asked about"`
	Aboard    int               `json:"aboard" doc:"Of them, those on the flight's manifest as it is now"`
	Strangers int               `json:"strangers" doc:"Those who are not, or of whom a name, date or document has changed since"`
	NotAsked  []string          `json:"not_asked" doc:"Passengers on the manifest who were not asked about, or have changed since"`
	Openings  []PassengerOpened `json:"openings"`
}

// PassengerOpened proves to whoever has the root that a passenger was among those asked about.
type PassengerOpened struct {
	Passenger string           `json:"passenger"`
	Opening   matching.Opening `json:"opening"`
}

// Audit opens the commitment of a batch, for this state's watcher.
func (m *Matches) Audit(ctx context.Context, by access.Principal, id string) (MatchAudit, error) {
	rd := m.room.store.Read()
	run, err := runByID(ctx, rd, id)
	if err != nil {
		return MatchAudit{}, err
	}
	if run.Direction != ledger.Out || run.Commitment == "" {
		return MatchAudit{}, api.Errorf(api.Unprocessable, "only a batch that this state has sent can be held against its flight")
	}
	if err := m.room.told(ctx, by, "exchange.match-audit", id); err != nil {
		return MatchAudit{}, err
	}
	kept, err := m.room.vault.get(ctx, rd, commitmentOf(id))
	if errors.Is(err, keys.ErrDestroyed) {
		return MatchAudit{}, api.Errorf(api.Gone, "the commitment of this batch was kept for %d days and is erased", int(commitmentKept/day))
	}
	if err != nil {
		return MatchAudit{}, err
	}
	var c matching.Commitment
	if err := json.Unmarshal(kept, &c); err != nil {
		return MatchAudit{}, err
	}
	manifest, err := m.o.Manifest(ctx, rd, run.Flight)
	if err != nil {
		return MatchAudit{}, err
	}
	a := MatchAudit{Run: id, Root: run.Commitment, Holds: hexed(c.Root()) == run.Commitment, Committed: len(c.Leaves), NotAsked: []string{}, Openings: []PassengerOpened{}}
	for i := range manifest.Passengers {
		p := &manifest.Passengers[i]
		o, ok := c.Open(matching.Asked(&p.Person, matching.Scope{Years: run.Purpose == terrorism}))
		if !ok {
			a.NotAsked = append(a.NotAsked, p.ID)
			continue
		}
		a.Aboard++
		a.Openings = append(a.Openings, PassengerOpened{p.ID, o})
	}
	a.Strangers = max(a.Committed-a.Aboard, 0)
	return a, nil
}

// forgetCommitments erases those whose time is over; once an hour is enough.
func (m *Matches) forgetCommitments(ctx context.Context) error {
	if time.Since(m.swept) < time.Hour {
		return nil
	}
	var over []string
	err := store.Rows(ctx, m.room.store.Read(), func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		over = append(over, commitmentOf(id))
		return err
	}, `select id from sharing_match_run where direction = $1 and asked_at > 0 and asked_at < $2
		and exists (select 1 from sharing_secret s where s.id = sharing_match_run.id || '/commitment')`, ledger.Out, store.Micros(m.room.now().Add(-commitmentKept)))
	if err == nil && len(over) > 0 {
		err = m.room.store.Write(ctx, func(ctx context.Context, tx store.Tx) error { return m.room.vault.destroy(ctx, tx, over...) })
	}
	if err == nil {
		m.swept = time.Now()
	}
	return err
}
