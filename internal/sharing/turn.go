package sharing

import (
	"context"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/store"
)

// Way is a share under which this state may ask for a category, and whom.
type Way struct {
	Agreement string   `json:"agreement"`
	Share     string   `json:"share"`
	Partner   string   `json:"partner" doc:"The partner's authority"`
	Country   string   `json:"country" doc:"The partner, alpha-3"`
	Purposes  []string `json:"purposes"`
	Suspended bool     `json:"suspended,omitempty"`
}

// Ways tells under which agreements in force this state may ask for a category, for the domain whose it is.
func (r *Room) Ways(ctx context.Context, rd store.Reader, category string) ([]Way, error) {
	all, err := r.shelf.versions(ctx, rd, "")
	if err != nil {
		return nil, err
	}
	var ways []Way
	for _, v := range all {
		own, partner, ok := r.shelf.sides(v.Agreement)
		if v.State != inForce || !ok {
			continue
		}
		state, err := r.state(ctx, rd, v, r.now())
		if err != nil {
			return nil, err
		}
		for i := range v.Shares {
			s := &v.Shares[i]
			if s.Category != category || s.Trigger != "request" || !s.Gives(partner.ID, own.ID) {
				continue
			}
			ways = append(ways, Way{
				Agreement: v.Metadata.ID, Share: s.ID, Partner: authority(partner, category, v), Country: country.ISO(partner.Country), Purposes: slices.Clone(s.Purposes),
				Suspended: state.Suspended[agreement.All] || state.Suspended[s.ID] || state.NotReceiving[own.ID],
			})
		}
	}
	return ways, nil
}

// Turn is where a thread of a domain's category stands now, for the domain that asked or is asked.
type Turn struct {
	Thread    string
	Agreement string
	Share     string
	Category  string
	Partner   string
	CaseRef   string
	Direction string // out: this side began it
	Kind      string
	State     State
	Result    string
	Code      string // of a refusal
	Reason    string
	Attention string
	Due       time.Time
}

// turned tells the domain of a thread that changed.
func (r *Room) turned(ctx context.Context, tx store.Tx, t *Thread) error {
	if r.o.Turned == nil {
		return nil
	}
	v, held, err := r.shelf.of(ctx, tx, t.Agreement, t.Digest)
	if err != nil || !held {
		return err
	}
	share, known := v.Share(t.Share)
	if !known {
		return nil
	}
	return r.o.Turned(ctx, tx, Turn{
		Thread: t.ID, Agreement: t.Agreement, Share: t.Share, Category: share.Category, Partner: t.Partner, CaseRef: t.CaseRef, Direction: t.Direction, Kind: t.Kind,
		State: t.State, Result: t.Result, Code: t.Code, Reason: t.Reason, Attention: t.Attention, Due: t.Due,
	})
}
