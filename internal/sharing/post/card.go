package post

import (
	"time"

	"github.com/rihla/rihla/internal/sharing/envelope"
)

// Card is what one party gives the other by hand, out of band: how it is reached, and how it is known.
type Card struct {
	Party       string          `json:"party"`
	Country     string          `json:"country,omitempty"`
	URL         string          `json:"url,omitempty"` // https://host:port; empty: it only pulls
	Authorities []CardAuthority `json:"authorities"`
	Roots       []string        `json:"roots"` // PEM; one or two
}

// CardAuthority is one authority of a party and its public keys.
type CardAuthority struct {
	ID   string          `json:"id"`
	JWKS envelope.KeySet `json:"jwks"`
}

// PartnerState is how it stands with a partner.
type PartnerState struct {
	Party         string    `json:"party"`
	Country       string    `json:"country,omitempty"`
	URL           string    `json:"url,omitempty"`
	Authorities   []string  `json:"authorities"`
	Online        bool      `json:"online"`
	LastSeen      time.Time `json:"last_seen,omitzero"`
	Waiting       int       `json:"waiting"`
	OldestWaiting time.Time `json:"oldest_waiting,omitzero"`
	Agreements    []string  `json:"agreements,omitempty"` // digests that it says it holds
	ClockOff      float64   `json:"clock_off_s,omitempty"`
	LastHead      Head      `json:"last_head,omitzero"`
	Disagrees     bool      `json:"disagrees,omitempty"` // its log did not follow from the one before
	Trouble       string    `json:"trouble,omitempty"`   // why the last try to reach it did not succeed
}

// Head is a partner's exchange log as it last signed it.
type Head struct {
	Size int64     `json:"size"`
	Root string    `json:"root"`
	At   time.Time `json:"at"`
}
