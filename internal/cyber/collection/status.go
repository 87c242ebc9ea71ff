package collection

import (
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/store"
)

// statusLife is how long a status can be asked for; the standard's peers keep it a day.
const statusLife = 48 * time.Hour

// post is the objects of one request on their way into a collection.
type post struct {
	id         string // of its status, in the order of time
	who        access.Principal
	collection *Collection
	requested  taxii.Instant
	objects    []candidate
	part       *waitingPart // of an envelope that is done in parts
	hoped      *hoped       // the result, if nothing goes wrong
	status     taxii.Status // the result
	body       []byte       // the result, as it is sent
}

// hoped is the status of a post of which everything is taken, made before anything waits for it.
type hoped struct {
	status         taxii.Status
	body, squeezed []byte
}

// hope makes the status of a post whose objects have no fault so far. What date_added an object gets it cannot know.
func (p *post) hope() {
	outcomes := make([]Outcome, len(p.objects))
	for i := range p.objects {
		n := &p.objects[i]
		if n.fault != nil || len(n.entry.said) == 0 {
			return
		}
		outcomes[i] = Outcome{ID: n.object.ID, Version: string(n.entry.said)}
	}
	p.tell(outcomes)
	body := appendStatus(nil, &p.status)
	p.hoped = &hoped{p.status, body, squeeze(body)}
}

// asker is who may ask for a status again.
func asker(who access.Principal) string {
	return string(who.Role) + " " + who.Partner + " " + who.Name
}

var insertStatus = store.NewInsert("taxii_status", []string{"id", "asked_by", "body"}, "on conflict (id) do update set body = excluded.body")

// write is the transaction of several posts: their objects, their statuses and what is to be known of it.
func (s *Server) write(ctx context.Context, tx store.Tx, posts []*post) error {
	for done := 0; done < len(posts); {
		// Neighbours for one collection are added as one.
		c, objects, n := posts[done].collection, posts[done].objects, 1
		for ; done+n < len(posts) && posts[done+n].collection.ID == c.ID; n++ {
			if n == 1 {
				objects = append([]candidate(nil), objects...)
			}
			objects = append(objects, posts[done+n].objects...)
		}
		outcomes, err := s.add(ctx, tx, c, objects)
		if err != nil {
			return err
		}
		if s.options.Added != nil {
			if err := s.options.Added(ctx, tx, c.ID); err != nil {
				return err
			}
		}
		for _, p := range posts[done : done+n] {
			if of := outcomes[:len(p.objects)]; p.hoped == nil || slices.ContainsFunc(of, func(o Outcome) bool { return o.Fault != nil }) {
				p.hoped = nil
				p.tell(of)
			}
			outcomes = outcomes[len(p.objects):]
		}
		done += n
	}
	var statuses [][]any
	entries := make([]audit.Entry, len(posts))
	for i, p := range posts {
		if p.part != nil {
			if err := p.part.done(ctx, tx, p); err != nil {
				return err
			}
		}
		var squeezed []byte
		if p.hoped != nil {
			p.status, p.body, squeezed = p.hoped.status, p.hoped.body, p.hoped.squeezed
		} else {
			p.body = appendStatus(nil, &p.status)
			squeezed = squeeze(p.body)
		}
		if p.status.Status == taxii.Complete {
			statuses = append(statuses, []any{p.id, asker(p.who), squeezed})
		}
		entries[i] = p.entry()
	}
	if _, err := insertStatus.Exec(ctx, tx, statuses); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, entries...); err != nil {
		return err
	}
	return s.sweep(ctx, tx)
}

func (p *post) entry() audit.Entry {
	return audit.Entry{
		Actor: p.who.Name, Role: string(p.who.Role), Action: "taxii.add", Touched: []string{p.collection.ID, p.id},
		Detail: fmt.Sprintf("%d objects, %d refused", len(p.objects), p.status.FailureCount),
	}
}

// tell makes a status of what became of the objects.
func (p *post) tell(outcomes []Outcome) {
	st := taxii.Status{ID: p.id, Status: taxii.Complete, Requested: p.requested.String(), Total: len(outcomes)}
	for i := range outcomes {
		o := &outcomes[i]
		d := taxii.Detail{ID: clipID(o.ID), Version: o.Version}
		if o.Fault == nil {
			st.Successes = append(st.Successes, d)
			continue
		}
		d.Message = faultText(o.Fault)
		if d.Version == "" {
			d.Version = st.Requested // it has none, and the standard wants one
		}
		st.Failures = append(st.Failures, d)
	}
	st.SuccessCount, st.FailureCount = len(st.Successes), len(st.Failures)
	p.status = st
}

// noID stands for an object that has none.
const noID = "x--00000000-0000-0000-0000-000000000000"

func clipID(id string) string {
	const most = 300
	if id == "" || len(id) > most {
		return noID
	}
	return strings.ToValidUTF8(id, "\uFFFD")
}

// appendStatus writes a status as encoding/json would, for a thousand objects are a thousand details.
func appendStatus(b []byte, st *taxii.Status) []byte {
	text := func(name, value string) {
		b = append(append(b, `,"`...), name...)
		b = jsondoc.AppendQuoted(append(b, `":`...), value)
	}
	b = jsondoc.AppendQuoted(append(b, `{"id":`...), st.ID)
	text("status", st.Status)
	text("request_timestamp", st.Requested)
	b = strconv.AppendInt(append(b, `,"total_count":`...), int64(st.Total), 10)
	for _, of := range []struct {
		count, list string
		n           int
		details     []taxii.Detail
	}{
		{"success_count", "successes", st.SuccessCount, st.Successes},
		{"failure_count", "failures", st.FailureCount, st.Failures},
		{"pending_count", "pendings", st.PendingCount, st.Pendings},
	} {
		b = append(append(append(b, `,"`...), of.count...), `":`...)
		b = strconv.AppendInt(b, int64(of.n), 10)
		for i := range of.details {
			d := &of.details[i]
			if i == 0 {
				b = append(append(append(b, `,"`...), of.list...), `":[`...)
			} else {
				b = append(b, ',')
			}
			b = jsondoc.AppendQuoted(append(b, `{"id":`...), d.ID)
			text("version", d.Version)
			if d.Message != "" {
				text("message", d.Message)
			}
			b = append(b, '}')
		}
		if len(of.details) > 0 {
			b = append(b, ']')
		}
	}
	return append(b, '}')
}

// sweep forgets old statuses, looking once an hour.
func (s *Server) sweep(ctx context.Context, tx store.Tx) error {
	now := store.Micros(tx.Now())
	s.mu.Lock()
	due := now-s.cleared > time.Hour.Microseconds()
	s.mu.Unlock()
	if !due {
		return nil
	}
	if _, err := tx.ExecContext(ctx, "delete from taxii_status where id < $1", eventsFrom(tx.Now().Add(-statusLife))); err != nil {
		return err
	}
	tx.After(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.cleared = now
	})
	return nil
}

// eventsFrom is the least id that an event of that time on can have: UUIDs of version 7 begin with their milliseconds.
func eventsFrom(t time.Time) string {
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(t.UnixMilli())<<16) //nolint:gosec // after 1970
	digits := hex.EncodeToString(ms[:6])
	return digits[:8] + "-" + digits[8:] + "-"
}

// readStatus is a status as its asker may see it; nil where there is none for him.
func (s *Server) readStatus(ctx context.Context, r store.Reader, id, askedBy string) ([]byte, error) {
	var body []byte
	err := r.QueryRowContext(ctx, "select body from taxii_status where id = $1 and asked_by = $2", id, askedBy).Scan(&body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return unsqueeze(nil, body)
}
