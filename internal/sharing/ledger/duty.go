package ledger

import (
	"cmp"
	"time"
)

// owing is one duty: something that must be done by a time, by this side or by the other.
type owing struct {
	what      string // CORRECTION or ERASE
	theirs    bool   // owed by the other side
	began     time.Time
	due, done time.Time
	late      bool
}

// owe follows corrections and erasures: those asked for by message, and data whose own time ran out.
func (b *book) owe(e *Entry) {
	switch {
	case (e.Type == correction || e.Type == erase) && (e.Kind == Received || e.Kind == Sent || e.Kind == Approved) && e.Message != "":
		d := b.duties[e.Message]
		if d == nil {
			d = &owing{began: e.At}
			b.duties[e.Message] = d
		}
		d.what, d.theirs = e.Type, e.Kind != Received
		within := b.terms.Correct
		if e.Type == erase {
			within = b.terms.Erase
		}
		switch {
		case !e.Due.IsZero():
			d.due = e.Due
		case d.due.IsZero() && within > 0:
			d.due = d.began.Add(within)
		}
	case e.Type == done && (e.Kind == Sent || e.Kind == Received):
		for _, id := range []string{e.InReplyTo, e.Thread} {
			if d := b.duties[id]; d != nil {
				d.end(e)
				break
			}
		}
	case e.Kind == Erased && e.InReplyTo != "" && b.duties[e.InReplyTo] != nil, e.Kind == Corrected && b.duties[e.InReplyTo] != nil:
		b.duties[e.InReplyTo].end(e)
	case e.Kind == Erased && e.Code == "expired" && e.Direction != Out: // what was given is its giver's own
		d := b.expiry(e)
		if !e.Due.IsZero() {
			d.due = e.Due
		}
		d.end(e)
	case e.Kind == Overdue && (e.Code == Erasure || e.Code == ErasureReceipt || e.Code == CorrectionEffect):
		for _, id := range []string{e.InReplyTo, e.Message, e.Thread} {
			if d := b.duties[id]; d != nil && id != "" {
				d.late = true
				return
			}
		}
		if e.Code == Erasure {
			d := b.expiry(e)
			d.late = true
			d.due = cmp.Or(e.Due, d.due)
		}
	}
}

// expiry is the duty to erase what a message brought, once its time is over.
func (b *book) expiry(e *Entry) *owing {
	key := "expiry " + e.Message + " " + e.Thread
	d := b.duties[key]
	if d == nil {
		d = &owing{what: erase, began: e.At, due: e.At}
		b.duties[key] = d
	}
	return d
}

func (d *owing) end(e *Entry) {
	if d.done.IsZero() {
		d.done = e.At
	}
	d.late = d.late || e.Late
}

// duty sums the duties whose clock ended in the period.
func (b *book) duty() {
	var owed Owed
	var took times
	past := 0
	theirs := false
	for _, d := range b.duties {
		to := &b.side.Erasures
		switch {
		case d.what == correction && !d.theirs:
			to = &b.side.Corrections
		case d.what == correction:
			to = &owed.Corrections
		case d.theirs:
			to = &owed.Erasures
		}
		theirs = theirs || d.theirs
		due := d.due
		if due.IsZero() {
			due = d.began
		}
		overdue := d.done.IsZero() && due.Before(b.span.Until) && !d.due.IsZero()
		if overdue && d.what == erase && !d.theirs {
			past++
		}
		if b.in(d.done) && !d.theirs {
			took.add(d.done.Sub(d.began), d.late || !d.due.IsZero() && d.done.After(d.due))
		}
		if !b.in(due) {
			continue
		}
		to.Due++
		if !d.done.IsZero() {
			to.Done++
		}
		if d.late || overdue || !d.due.IsZero() && d.done.After(d.due) {
			to.Late++
		}
	}
	b.side.Erasures.PastEraseAtNow = &past
	if len(took.took) > 0 {
		p := took.percentiles()
		b.side.DoneTime = &p
	}
	if theirs {
		b.side.OwedToIt = &owed
	}
}
