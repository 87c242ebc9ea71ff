package collection

import (
	"context"
	"fmt"
	"net/http"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

// receive takes the objects of an envelope. It is answered once they are durable, or, where they are many, once the
// envelope is.
func (s *Server) receive(q *request) error {
	if !taxii.IsMedia(q.r.Header.Get("Content-Type")) {
		return taxii.Refuse(http.StatusUnsupportedMediaType, "unsupported-media", "This media type is not taken", "send Content-Type: "+taxii.Media)
	}
	if !q.rights.write {
		return mayNot("write")
	}
	raw, err := s.body(q)
	if err != nil {
		return err
	}
	d, f := stix.Read(raw)
	switch {
	case f != nil && f.Rule == "json":
		return taxii.Refuse(http.StatusBadRequest, "not-json", "The body is not JSON", faultText(f))
	case f != nil:
		return taxii.Refuse(http.StatusUnprocessableEntity, "no-envelope", "The body is no envelope", faultText(f))
	case d.Shape != stix.Envelope || len(d.Objects) == 0:
		return taxii.Refuse(http.StatusUnprocessableEntity, "no-envelope", "The body is no envelope", `send {"objects":[…]} with at least one object`)
	}
	p := &post{
		id: keys.Event(), who: q.who, collection: q.collection, requested: taxii.Instant(s.options.Clock().UnixMicro()),
		objects: prepare(q.collection, q.who.Name, pointers(d)),
	}
	if s.options.Jobs != nil && len(p.objects) > s.options.AtOnce {
		err = s.wait(q.r.Context(), p, raw)
	} else {
		p.hope()
		err = s.posts.Do(q.r.Context(), p)
	}
	if err != nil {
		return err
	}
	return q.write(http.StatusAccepted, p.body)
}

// withdraw takes versions of one object away: those that the filters choose, and all of them where they choose none.
func (s *Server) withdraw(q *request) error {
	switch {
	case !q.rights.read:
		return mayNot("read")
	case !q.rights.write:
		return mayNot("write")
	case !q.rights.delete:
		return mayNot("delete")
	}
	f, refused := taxii.ParseFilter(q.r.URL.RawQuery, taxii.OnDelete)
	if refused != nil {
		return refused
	}
	ask := newQuery(f, q.rights, everyVersion)
	if !f.Versions.Said() && ask.specs == nil {
		ask.specs = everything.specs
	}
	var there bool
	err := s.store.Write(q.r.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		var removed int
		if there, removed, err = s.remove(ctx, tx, q.collection, q.object, &ask); err != nil || !there {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{
			Actor: q.who.Name, Role: string(q.who.Role), Action: "taxii.delete", Touched: []string{q.collection.ID, q.object},
			Detail: fmt.Sprintf("%d versions", removed),
		})
	})
	switch {
	case err != nil:
		return err
	case !there:
		return noObject()
	}
	q.w.Header().Set("Content-Length", "0")
	q.w.WriteHeader(http.StatusOK)
	return nil
}
