package feed

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/rihla/rihla/internal/cyber/collection/poll"
	"github.com/rihla/rihla/internal/store"
)

// State is a feed as people see it. Of its credential it tells whether there is one.
type State struct {
	Name       string    `json:"name"`
	URL        string    `json:"url" doc:"The API root it is read from"`
	Collection string    `json:"collection" doc:"There: its id or alias"`
	Into       string    `json:"into" doc:"The id of the collection that takes it here"`
	Alias      string    `json:"into_alias,omitempty"`
	Every      string    `json:"every" doc:"How often it is read"`
	As         string    `json:"as" enum:"user,token,nobody" doc:"With what credential"`
	By         string    `json:"by" doc:"Who added it"`
	Added      time.Time `json:"added"`
	State      string    `json:"state" enum:"new,ok,failing,stale" doc:"stale: no node has read it for twice as long as it should be"`
	Due        time.Time `json:"due" doc:"When it is read next"`
	Tried      time.Time `json:"tried,omitzero"`
	Succeeded  time.Time `json:"succeeded,omitzero" doc:"When it was last read to its end"`
	Failures   int64     `json:"failures" doc:"Since it last succeeded"`
	Fault      string    `json:"fault,omitempty" doc:"Why the last try failed"`
	Up         string    `json:"read_up_to,omitempty" doc:"The other server's date of the last object that was read"`
	Midway     bool      `json:"midway,omitempty" doc:"There are more pages, and they come next"`
	Pages      int64     `json:"pages"`
	Taken      int64     `json:"taken" doc:"Versions of objects that were new here"`
	Known      int64     `json:"known" doc:"That were here already"`
	Refused    int64     `json:"refused" doc:"That are not as they should be"`
	Refusals   []Refusal `json:"refusals,omitempty" doc:"The last of those"`
}

// Refusal is an object that was not taken.
type Refusal struct {
	Object  string `json:"object,omitempty"`
	Pointer string `json:"pointer"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
	Mend    string `json:"mend,omitempty"`
}

// held is a feed as it is stored.
type held struct {
	State
	every      time.Duration
	turn       int64
	place      poll.Place
	untold     int64
	credential Credential
}

// All are the feeds there are, by name.
func (f *Feeds) All(ctx context.Context, r store.Reader, now time.Time) ([]State, error) {
	all, err := f.read(ctx, r, now, "order by name")
	if err != nil {
		return nil, err
	}
	collections, err := f.o.Collections.Collections(ctx, r)
	if err != nil {
		return nil, err
	}
	aliases := make(map[string]string, len(collections))
	for i := range collections {
		aliases[collections[i].ID] = collections[i].Alias
	}
	out := make([]State, len(all))
	for i := range all {
		out[i] = all[i].State
		out[i].Alias = aliases[out[i].Into]
	}
	return out, nil
}

// one is a feed by its name; ErrNone where there is none.
func (f *Feeds) one(ctx context.Context, r store.Reader, name string) (*held, error) {
	all, err := f.read(ctx, r, time.Time{}, "where name = $1", name)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, ErrNone
	}
	return all[0], nil
}

func (f *Feeds) read(ctx context.Context, r store.Reader, now time.Time, where string, args ...any) (all []*held, err error) {
	return all, store.Rows(ctx, r, func(rows *sql.Rows) error {
		h := &held{}
		var every, added, due, tried, succeeded int64
		var salt, sealed []byte
		var place, refusals string
		if err := rows.Scan(&h.Name, &h.URL, &h.Collection, &h.Into, &every, &salt, &sealed, &h.By, &added, &h.turn, &place, &due, &tried, &succeeded,
			&h.Failures, &h.Fault, &h.Pages, &h.Taken, &h.Known, &h.Refused, &refusals, &h.untold); err != nil {
			return err
		}
		if err := errors.Join(json.Unmarshal([]byte(place), &h.place), json.Unmarshal([]byte(refusals), &h.Refusals)); err != nil {
			return err
		}
		plain, err := f.apart.Open(h.Name, salt, sealed)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(plain, &h.credential); err != nil {
			return err
		}
		h.every = time.Duration(every) * time.Microsecond
		h.Added, h.Due = store.Time(added), store.Time(due)
		if tried > 0 {
			h.Tried = store.Time(tried)
		}
		if succeeded > 0 {
			h.Succeeded = store.Time(succeeded)
		}
		h.tell(now)
		all = append(all, h)
		return nil
	}, `select name, root, collection, destination, every, salt, credential, actor, added, turn, place, due, tried, succeeded, failures, fault, pages, taken, known,
		refused, refusals, untold from cyber_feed `+where, args...)
}

// tell makes what people see of what is stored.
func (h *held) tell(now time.Time) {
	h.Every, h.Up, h.Midway = h.every.String(), h.place.After, h.place.Next != "" || h.place.Since != ""
	switch {
	case h.credential.Token != "":
		h.As = "token"
	case h.credential.User != "":
		h.As = "user"
	default:
		h.As = "nobody"
	}
	last := h.Added
	if h.Tried.After(last) {
		last = h.Tried
	}
	switch {
	case h.Failures > 0:
		h.State.State = "failing"
	case now.Sub(last) > 2*h.every && now.After(h.Due.Add(h.every)):
		h.State.State = "stale"
	case h.Tried.IsZero():
		h.State.State = "new"
	default:
		h.State.State = "ok"
	}
}
