package funds

import (
	"context"
	"time"

	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// jobUnlinked is the clock of a declaration whose traveller's journey is looked for.
const jobUnlinked = Name + ".unlinked"

// unlinkedAt is when the journey is looked for: some time after the declaration was filed or made, for carriers file late too.
func (d *Domain) unlinkedAt(e *Entry, now time.Time) jobs.Job {
	from := now
	if e.At.After(from) {
		from = e.At
	}
	return jobs.Job{ID: jobUnlinked + "/" + e.ID, Kind: jobUnlinked, Due: from.Add(time.Duration(d.settings.Unlinked) * time.Hour), Body: []byte(e.ID)}
}

// besides is what else this room finds of parties, besides how their money moved.
func (d *Domain) besides(_ context.Context, _ store.Reader, _ []string, _ map[string]*surroundings) (map[string][]screening.Finding, error) {
	return nil, nil
}

// knownOf adds what is known besides the declaration itself.
func (d *Domain) knownOf(_ context.Context, _ *Entry, _ *declarationPage) error { return nil }
