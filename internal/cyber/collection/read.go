package collection

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/audit"
)

// cursorLife is how long a client may take from one page to the next.
const cursorLife = 24 * time.Hour

func (s *Server) discovery(q *request) error {
	base := s.options.URL
	if base == "" {
		scheme := "http"
		if q.r.TLS != nil || q.r.Header.Get("X-Forwarded-Proto") == "https" {
			scheme = "https"
		}
		base = (&url.URL{Scheme: scheme, Host: q.r.Host}).String()
	}
	root := strings.TrimSuffix(base, "/") + prefix + s.options.Root + "/"
	return q.writeValue(taxii.Discovery{Title: s.options.Title, Contact: s.options.Contact, Default: root, Roots: []string{root}})
}

func (s *Server) root(q *request) error {
	return q.writeValue(taxii.Root{Title: s.options.Title, Versions: []string{taxii.Media}, MaxContent: s.options.MaxContent})
}

func (s *Server) status(q *request) error {
	body, err := s.readStatus(q.r.Context(), s.store.Read(), q.status, asker(q.who))
	if err != nil {
		return err
	}
	if body == nil {
		return taxii.Refuse(http.StatusNotFound, "no-such-status", "There is no such status", "a status is kept two days, for whoever made the request")
	}
	return q.write(http.StatusOK, body)
}

func (s *Server) collections(q *request) error {
	now, err := s.known(q.r.Context())
	if err != nil {
		return err
	}
	var all taxii.Collections
	for _, c := range now.all {
		r, err := s.rightsOf(q.r.Context(), q.who, now.grants[c.ID])
		if err != nil {
			return err
		}
		if !r.none() || c.Visible {
			all.Collections = append(all.Collections, c.seen(r))
		}
	}
	return q.writeValue(all)
}

func (c *Collection) seen(r rights) taxii.Collection {
	return taxii.Collection{ID: c.ID, Title: c.Title, Description: c.Description, Alias: c.Alias, CanRead: r.read, CanWrite: r.write, MediaTypes: c.media()}
}

func (s *Server) single(q *request) error { return q.writeValue(q.collection.seen(q.rights)) }

// Which versions a query means that does not say.
var (
	lastOne      = taxii.Choice{Last: true}
	everyVersion = taxii.Choice{All: true}
)

func (s *Server) objects(q *request) error {
	return s.page(q, lastOne, `{"objects":[`, nil)
}

func (s *Server) manifest(q *request) error {
	return s.page(q, lastOne, `{"objects":[`, func(out []byte, e *entry) []byte {
		out = jsondoc.AppendQuoted(append(out, `{"id":`...), e.id())
		out = taxii.Instant(e.added).Append(append(out, `,"date_added":"`...))
		out = jsondoc.AppendQuoted(append(out, `","version":`...), e.text())
		out = jsondoc.AppendQuoted(append(out, `,"media_type":`...), taxii.STIX(specs[e.spec]))
		return append(out, '}')
	})
}

func (s *Server) versions(q *request) error {
	return s.page(q, everyVersion, `{"versions":[`, func(out []byte, e *entry) []byte { return jsondoc.AppendQuoted(out, e.text()) })
}

var pages = sync.Pool{New: func() any { return new([]byte) }}

// page answers one page of a collection: whatever the filters leave of it, or of one object. put writes an entry; without
// it, what the objects say goes out.
func (s *Server) page(q *request, unsaid taxii.Choice, open string, put func([]byte, *entry) []byte) error {
	if !q.rights.read {
		return mayNot("read")
	}
	f, refused := taxii.ParseFilter(q.r.URL.RawQuery, q.at.filters)
	if refused != nil {
		return refused
	}
	ctx, r := q.r.Context(), s.store.Read()
	now := s.options.Clock()
	mark := f.Mark(string(q.at.filters) + " " + q.collection.ID + " " + q.object)
	ask := newQuery(f, q.rights, unsaid)
	after := ask.since
	if f.Next != "" {
		at, err := taxii.Unseal(s.cursors, f.Next, mark, now.Unix())
		if err != nil {
			return taxii.Refuse(http.StatusBadRequest, "bad-next", "next is no place in the pages of this query", "send it with the filters of the page it came with, within a day; or go on with added_after")
		}
		after = int64(at.Added)
	}
	limit := s.options.PageMost
	if f.Limit > 0 {
		limit = min(limit, f.Limit)
	}
	var only []int64
	wanted := f.IDs
	if q.object != "" {
		wanted = []string{q.object}
	}
	if wanted != nil {
		var err error
		if only, err = s.dates(q, wanted); err != nil {
			return err
		}
		if q.object != "" && len(only) == 0 {
			return noObject()
		}
	}

	buffer, _ := pages.Get().(*[]byte)
	defer pages.Put(buffer)
	out := append((*buffer)[:0], open...)
	comma := func() {
		if out[len(out)-1] != '[' {
			out = append(out, ',')
		}
	}
	v := visitor{entry: func(e *entry) error { comma(); out = put(out, e); return nil }}
	if put == nil {
		v = visitor{bodies: func(squeezed []byte, spans []span) (err error) {
			comma()
			out, err = appendBodies(out, squeezed, spans)
			return err
		}}
	}
	p, err := scan(ctx, r, q.collection, &ask, after, limit, only, v)
	*buffer = out[:0]
	if err != nil {
		return err
	}
	if err := s.options.Audit.Read(ctx, audit.Entry{
		Actor: q.who.Name, Role: string(q.who.Role), Action: "taxii.read", Touched: []string{q.collection.ID},
		Detail: fmt.Sprintf("%s: %d%s", q.at.filters, p.count, asked(q, &f)),
	}); err != nil {
		return err
	}
	if p.count == 0 {
		return q.write(http.StatusOK, []byte("{}"))
	}
	if out = append(out, `],"more":false}`...); p.more {
		out = append(out[:len(out)-len("false}")], `true,"next":`...)
		next := taxii.Cursor{Mark: mark, Added: taxii.Instant(p.last), Expires: now.Add(cursorLife).Unix()}
		out = append(jsondoc.AppendQuoted(out, next.Seal(s.cursors)), '}')
	}
	*buffer = out[:0]
	q.w.Header().Set("X-TAXII-Date-Added-First", taxii.Instant(p.first).String())
	q.w.Header().Set("X-TAXII-Date-Added-Last", taxii.Instant(p.last).String())
	return q.write(http.StatusOK, out)
}

// asked is what a query asked for, as the audit log keeps it.
func asked(q *request, f *taxii.Filter) string {
	only := *f
	only.Next, only.Limit = "", 0
	text := only.Query()
	if q.object != "" {
		text = strings.TrimSuffix(q.object+" "+text, " ")
	}
	if text == "" {
		return ""
	}
	const most = 300
	return " of " + strings.ToValidUTF8(text[:min(len(text), most)], "")
}

// dates are when the versions of some objects were added that the user may see, in order; never nil.
func (s *Server) dates(q *request, ids []string) ([]int64, error) {
	names := make([][]byte, len(ids))
	for i, id := range ids {
		names[i] = packName(id)
	}
	dates := []int64{}
	err := readMembers(q.r.Context(), s.store.Read(), q.collection, names, func(m *member) {
		if m.level <= q.rights.ceiling {
			dates = append(dates, m.added)
		}
	})
	slices.Sort(dates)
	return slices.Compact(dates), err
}

func noObject() error {
	return taxii.Refuse(http.StatusNotFound, "no-such-object", "There is no such object in this collection", "objects/ lists those there are for you")
}
