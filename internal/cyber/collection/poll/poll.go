package poll

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/rihla/rihla/formats/taxii"
)

// Place is how far a collection has been read. The zero Place is its beginning.
type Place struct {
	After string `json:"after,omitempty"` // the date of the last object of the last page that is stored
	Since string `json:"since,omitempty"` // added_after of the pages that Next continues
	Next  string `json:"next,omitempty"`  // of the page to ask for
}

// Page is a page as it came. Objects that are not right are among those that are: who reads it sets them apart.
type Page struct {
	Envelope []byte
	Objects  int
	Place    Place // to be stored with the page
}

// Wish is which pages are wanted: of what collection, how large, and of what.
type Wish struct {
	Collection string // its id or alias
	Filter     taxii.Filter
}

// emptyMost bounds the pages in a row that hold nothing and say that more follows.
const emptyMost = 100

// Poll asks for what was added since a place, page by page. keep stores a page with its place; what it answers ends the
// poll. The place answered is that of the last page kept.
func (c *Client) Poll(ctx context.Context, p Peer, w Wish, from Place, keep func(context.Context, Page) error) (Place, error) {
	if from.Next == "" {
		from.Since = backed(from.After)
	}
	empty := 0
	for restarted := false; ; {
		f := w.Filter
		if f.Next = from.Next; from.Since != "" {
			at, ok := taxii.ParseInstant(from.Since)
			if !ok {
				return from, fmt.Errorf("the place %q is no date", from.Since)
			}
			f.After, f.Since = at, true
		}
		at := taxii.ObjectsAt(p.Root, w.Collection)
		if q := f.Query(); q != "" {
			at += "?" + q
		}
		var e taxii.Envelope
		header, body, err := c.get(ctx, p, at, &e)
		if r, ok := errors.AsType[*refused](err); ok && r.status == http.StatusBadRequest && from.Next != "" && !restarted {
			// The server no longer knows where its page ended. What is stored says it too.
			from, restarted = Place{After: from.After, Since: backed(from.After)}, true
			continue
		}
		if err != nil {
			return from, err
		}
		last := header.Get("X-TAXII-Date-Added-Last")
		to := Place{After: from.After, Since: from.Since, Next: e.Next}
		if later(last, to.After) {
			to.After = last
		}
		switch {
		case !e.More:
			to.Next, to.Since = "", ""
		case e.Next == "":
			// It goes on from the last date; from a little before, where that still is further than this page began.
			if to.Since = backed(to.After); !later(to.Since, from.Since) {
				to.Since = to.After
			}
			if !later(to.Since, from.Since) {
				return from, fmt.Errorf("%s says that there is more, and not where: %w", place(at), ErrConfiguration)
			}
		case e.Next == from.Next:
			return from, fmt.Errorf("%s goes round in a circle: the page after %.60q is itself", place(at), e.Next)
		}
		if empty++; empty > emptyMost {
			return from, fmt.Errorf("%s gives empty pages without end", place(at))
		}
		if len(e.Objects) > 0 {
			empty = 0
			if err := keep(ctx, Page{Envelope: body, Objects: len(e.Objects), Place: to}); err != nil {
				return from, err
			}
		}
		if from = to; !e.More {
			return from, nil
		}
	}
}

// backed is the date to ask from. Where a server's dates tell no more than milliseconds, several objects may have the
// last one, and not all of them were on the page: a second earlier has them all, and what comes twice changes nothing.
func backed(after string) string {
	at, ok := taxii.ParseInstant(after)
	if !ok || at%1000 != 0 {
		return after
	}
	const second = 1_000_000
	return (at - second).String()
}

// later reports whether one date comes after another. Any comes after none.
func later(date, than string) bool {
	a, ok := taxii.ParseInstant(date)
	b, known := taxii.ParseInstant(than)
	return ok && (!known || a > b)
}
