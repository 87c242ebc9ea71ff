package collection

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/store"
)

// waitingKind is the kind of job that adds what was too much for one request.
const waitingKind = "taxii.add"

const (
	waitingRow     = 1 << 20 // bytes of an envelope in one row
	waitingObjects = 1000    // objects added in one transaction
)

// waiting is what the job knows of an envelope; the envelope itself lies in taxii_waiting.
type waiting struct {
	Collection string           `json:"collection"`
	Who        access.Principal `json:"who"`
	Requested  taxii.Instant    `json:"requested"`
}

// waitingPart is one part of an envelope that is added in several.
type waitingPart struct {
	whole *taxii.Status // of all parts up to here
	last  bool
}

var insertWaiting = store.NewInsert("taxii_waiting", []string{"status", "part", "raw"}, "")

// wait keeps an envelope and promises to add it: the answer may leave once this returns.
func (s *Server) wait(ctx context.Context, p *post, raw []byte) error {
	job, err := json.Marshal(waiting{p.collection.ID, p.who, p.requested})
	if err != nil {
		return err
	}
	p.status = taxii.Status{ID: p.id, Status: taxii.Pending, Requested: p.requested.String(), Total: len(p.objects), PendingCount: len(p.objects)}
	p.body = appendStatus(nil, &p.status)
	var rows [][]any
	for part := 0; len(raw) > 0; part++ {
		n := min(len(raw), waitingRow)
		rows = append(rows, []any{p.id, int64(part), raw[:n]})
		raw = raw[n:]
	}
	return s.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := insertWaiting.Exec(ctx, tx, rows); err != nil {
			return err
		}
		if _, err := insertStatus.Exec(ctx, tx, [][]any{{p.id, asker(p.who), squeeze(p.body)}}); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{
			Actor: p.who.Name, Role: string(p.who.Role), Action: "taxii.add", Touched: []string{p.collection.ID, p.id},
			Detail: fmt.Sprintf("%d objects, pending", len(p.objects)),
		}); err != nil {
			return err
		}
		return jobs.Schedule(ctx, tx, jobs.Job{ID: waitingKind + " " + p.id, Kind: waitingKind, Due: tx.Now(), Body: job})
	})
}

// resume adds an envelope that waits. After a crash it begins again: what was added by then is there already.
func (s *Server) resume(ctx context.Context, j jobs.Job) error {
	var w waiting
	if err := json.Unmarshal(j.Body, &w); err != nil {
		return err
	}
	id := j.ID[min(len(j.ID), len(waitingKind)+1):]
	var raw []byte
	if err := store.Rows(ctx, s.store.Read(), func(rows *sql.Rows) error {
		var part []byte
		err := rows.Scan(&part)
		raw = append(raw, part...)
		return err
	}, "select raw from taxii_waiting where status = $1 order by part", id); err != nil {
		return err
	}
	if len(raw) == 0 {
		return nil // done, and the crash was after that
	}
	c, err := s.find(ctx, s.store.Read(), w.Collection)
	if err != nil {
		return err
	}
	d, f := stix.Read(raw)
	if f != nil {
		return f
	}
	all := prepare(c, w.Who.Name, pointers(d))
	whole := taxii.Status{ID: id, Status: taxii.Pending, Requested: w.Requested.String(), Total: len(all)}
	for len(all) > 0 {
		n := min(len(all), waitingObjects)
		before := whole
		p := &post{id: id, who: w.Who, collection: c, requested: w.Requested, objects: all[:n], part: &waitingPart{whole: &before, last: n == len(all)}}
		if err := s.posts.Do(ctx, p); err != nil {
			return err
		}
		whole, all = p.status, all[n:]
	}
	return nil
}

// done makes the status of the whole of what a part added to it, and ends the wait with the last part.
func (w *waitingPart) done(ctx context.Context, tx store.Tx, p *post) error {
	sum := *w.whole
	sum.Successes = append(sum.Successes[:len(sum.Successes):len(sum.Successes)], p.status.Successes...)
	sum.Failures = append(sum.Failures[:len(sum.Failures):len(sum.Failures)], p.status.Failures...)
	sum.SuccessCount, sum.FailureCount = len(sum.Successes), len(sum.Failures)
	sum.PendingCount = sum.Total - sum.SuccessCount - sum.FailureCount
	p.status = sum
	if !w.last {
		return nil
	}
	p.status.Status = taxii.Complete
	_, err := tx.ExecContext(ctx, "delete from taxii_waiting where status = $1", p.id)
	return err
}

func pointers(d *stix.Document) []*stix.Object {
	all := make([]*stix.Object, len(d.Objects))
	for i := range d.Objects {
		all[i] = &d.Objects[i]
	}
	return all
}
