package screening

import (
	"fmt"
	"time"

	"github.com/rihla/rihla/internal/screening/lists"
)

// Refusal is a list that was read and yet is not taken: what is in force stays.
type Refusal struct {
	Name      string
	Kind      string // one of the Refused codes
	Have, Now int    // entries in force, and those there would be
	Was, Is   string // the day, version or format in force, and the file's
}

// Why a list is refused.
const (
	RefusedShrunk = "shrunk" // it would lose more than a tenth
	RefusedOlder  = "older"  // its publisher wrote it before the one in force
	RefusedGap    = "gap"    // it holds the changes to another version than the one in force
	RefusedManual = "manual" // the one in force is kept by hand
)

func (r *Refusal) Error() string {
	kept := ": refused, the old one stays in force (load it with force and a reason if that is right)"
	switch r.Kind {
	case RefusedOlder:
		return fmt.Sprintf("list %s in force is of %s, and this file of %s, which is older%s", r.Name, r.Was, r.Is, kept)
	case RefusedGap:
		return fmt.Sprintf("the file holds the changes to version %s of list %s, and version %s is in force: refused, the old one stays; load the whole list, or the changes in between first", r.Is, r.Name, r.Was)
	case RefusedManual:
		return fmt.Sprintf("list %s is kept by hand, and a file would remove what people entered%s; or load the file under a name of its own", r.Name, kept)
	}
	return fmt.Sprintf("list %s would shrink from %d entries to %d, by more than a tenth%s", r.Name, r.Have, r.Now, kept)
}

// mostShrink is the part of a list that may vanish at once; more is a broken file until somebody says otherwise.
const mostShrink = 0.10

// refuse says why a list that was read is not taken; nil when it is.
func refuse(name string, old inForceList, list *lists.List, have, now int) *Refusal {
	switch {
	case old.format == FormatManual && list.Format != FormatManual:
		return &Refusal{Name: name, Kind: RefusedManual, Have: have, Now: now}
	case list.Partial && list.Previous != "" && old.generation >= 0 && old.version != list.Previous:
		return &Refusal{Name: name, Kind: RefusedGap, Was: old.version, Is: list.Previous, Have: have, Now: now}
	case before(list.Dated, old.dated):
		return &Refusal{Name: name, Kind: RefusedOlder, Was: old.dated, Is: list.Dated, Have: have, Now: now}
	case float64(now) < float64(have)*(1-mostShrink):
		return &Refusal{Name: name, Kind: RefusedShrunk, Have: have, Now: now}
	}
	return nil
}

// before compares two days or instants; where one is a day only, by days. What cannot be read is before nothing.
func before(a, b string) bool {
	at, exactA, okA := instant(a)
	bt, exactB, okB := instant(b)
	if !okA || !okB {
		return false
	}
	if !exactA || !exactB {
		at, bt = at.Truncate(24*time.Hour), bt.Truncate(24*time.Hour)
	}
	return at.Before(bt)
}

func instant(s string) (at time.Time, exact, ok bool) {
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at.UTC(), true, true
	}
	at, err := time.Parse(time.DateOnly, s)
	return at, false, err == nil
}
