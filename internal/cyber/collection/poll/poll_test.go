package poll_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/cyber/collection"
	"github.com/rihla/rihla/internal/cyber/collection/poll"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store/storetest"
)

// served is a real server, whose responder has the key "secret".
func served(t *testing.T) (root string) {
	t.Helper()
	st := storetest.SQLite(t)
	k, err := keys.Open(t.Context(), st, keys.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	log, err := audit.Open(t.Context(), st, k, audit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := collection.Open(t.Context(), collection.Options{Store: st, Keys: k, Audit: log})
	if err != nil {
		t.Fatal(err)
	}
	m := api.NewMux(api.Options{Title: "test", Authenticate: func(_ context.Context, r *http.Request) (access.Principal, error) {
		if _, password, _ := r.BasicAuth(); password != "secret" {
			return access.Principal{}, access.ErrBadCredential
		}
		return access.Principal{Name: "peer", Role: access.Responder}, nil
	}})
	s.Routes(m)
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	return server.URL + "/taxii2/"
}

func object(label int) []byte {
	return fmt.Appendf(nil, `{"type":"tool","spec_version":"2.1","id":"tool--%s","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","name":"%d"}`, uuid.NewString(), label)
}

// sleeper counts the waits, and does not wait.
func sleeper(waits *[]time.Duration) func(context.Context, time.Duration) error {
	return func(_ context.Context, d time.Duration) error { *waits = append(*waits, d); return nil }
}

func names(t *testing.T, p poll.Page) (all []string) {
	t.Helper()
	var e taxii.Envelope
	if err := json.Unmarshal(p.Envelope, &e); err != nil {
		t.Fatal(err)
	}
	for _, raw := range e.Objects {
		var o struct{ Name string }
		if err := json.Unmarshal(raw, &o); err != nil {
			t.Fatal(err)
		}
		all = append(all, o.Name)
	}
	return all
}

// What one node gives a real server, another finds there: whole, in order, each once, also when it breaks off.
func TestPushAndPoll(t *testing.T) {
	t.Parallel()
	at := served(t)
	c := poll.New(poll.Options{})
	p := poll.Peer{User: "any", Password: "secret"}
	d, err := c.Discover(t.Context(), p, at)
	if err != nil || len(d.Roots) != 1 {
		t.Fatal(err, d)
	}
	p.Root = d.Default
	all, err := c.Collections(t.Context(), p)
	if err != nil || len(all) != 1 {
		t.Fatal(err, all)
	}
	const count = 1203
	var objects [][]byte
	var want []string
	for i := range count {
		objects, want = append(objects, object(i)), append(want, fmt.Sprint(i))
	}
	objects = append(objects, []byte(`{"type":"tool"}`))
	var batches []int
	failures := 0
	if err := c.Push(t.Context(), p, all[0].ID, objects, func(_ context.Context, st taxii.Status) error {
		batches = append(batches, st.Total)
		failures += st.FailureCount
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{500, 500, 204}, batches); diff != "" || failures != 1 {
		t.Error(diff, failures)
	}

	var got []string
	var place poll.Place
	broken := errors.New("the line is down")
	w := poll.Wish{Collection: all[0].ID, Filter: taxii.Filter{Limit: 100, Versions: taxii.Choice{All: true}}}
	for pages := 0; ; {
		_, err := c.Poll(t.Context(), p, w, place, func(_ context.Context, page poll.Page) error {
			if pages++; pages%4 == 0 {
				return broken
			}
			got, place = append(got, names(t, page)...), page.Place
			return nil
		})
		if err == nil {
			break
		}
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	// Later, only what is new.
	if err := c.Push(t.Context(), p, all[0].ID, [][]byte{object(count)}, func(context.Context, taxii.Status) error { return nil }); err != nil {
		t.Fatal(err)
	}
	var fresh []string
	if place, err = c.Poll(t.Context(), p, w, place, func(_ context.Context, page poll.Page) error {
		fresh = append(fresh, names(t, page)...)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{fmt.Sprint(count)}, fresh[len(fresh)-1:]); diff != "" || place.Next != "" {
		t.Error(diff, place)
	}
}

// scripted answers one request after another, and remembers what was asked.
type scripted struct {
	t     *testing.T
	steps []step
	asked []string
}

type step struct {
	status int
	header map[string]string
	body   string
}

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked = append(s.asked, r.URL.RawQuery)
	if len(s.steps) == 0 {
		s.t.Error("asked once too often:", r.URL)
		http.Error(w, "", http.StatusTeapot)
		return
	}
	now := s.steps[0]
	s.steps = s.steps[1:]
	w.Header().Set("Content-Type", taxii.Media)
	for name, value := range now.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(now.status)
	fmt.Fprint(w, now.body)
}

func last(date string) map[string]string { return map[string]string{"X-TAXII-Date-Added-Last": date} }

const one = `"objects":[{"name":"x"}]`

func TestPoll(t *testing.T) {
	t.Parallel()
	const from, to, end = "2026-03-15T08:00:00.000001Z", "2026-03-15T08:00:01.000002Z", "2026-03-15T08:00:02.000003Z"
	for name, c := range map[string]struct {
		place poll.Place
		steps []step
		asked []string
		want  poll.Place
		pages int
		waits int
		err   error
		fails bool
	}{
		"next": {
			place: poll.Place{After: from},
			steps: []step{{200, last(to), `{"more":true,"next":"n",` + one + `}`}, {200, last(end), `{"more":false,` + one + `}`}},
			asked: []string{"added_after=" + from, "added_after=" + from + "&next=n"}, want: poll.Place{After: end}, pages: 2,
		},
		"goes on where it broke off": {
			place: poll.Place{After: to, Since: from, Next: "n"},
			steps: []step{{200, last(end), `{` + one + `}`}},
			asked: []string{"added_after=" + from + "&next=n"}, want: poll.Place{After: end}, pages: 1,
		},
		"more without next": {
			steps: []step{{200, last(to), `{"more":true,` + one + `}`}, {200, last(end), `{` + one + `}`}},
			asked: []string{"", "added_after=" + to}, want: poll.Place{After: end}, pages: 2,
		},
		"more, and nothing to go by": {
			place: poll.Place{After: from}, steps: []step{{200, nil, `{"more":true,` + one + `}`}},
			asked: []string{"added_after=" + from}, want: poll.Place{After: from, Since: from}, err: poll.ErrConfiguration,
		},
		"a circle": {
			place: poll.Place{After: from, Since: from, Next: "n"}, steps: []step{{200, last(to), `{"more":true,"next":"n",` + one + `}`}},
			asked: []string{"added_after=" + from + "&next=n"}, want: poll.Place{After: from, Since: from, Next: "n"}, fails: true,
		},
		"next is forgotten": {
			place: poll.Place{After: to, Since: from, Next: "old"},
			steps: []step{{400, nil, `{"title":"no such next","http_status":"400"}`}, {200, last(end), `{` + one + `}`}},
			asked: []string{"added_after=" + from + "&next=old", "added_after=" + to}, want: poll.Place{After: end}, pages: 1,
		},
		"dates of milliseconds": {
			place: poll.Place{After: "2026-03-15T08:00:01.500Z"},
			steps: []step{{200, last("2026-03-15T08:00:01.500Z"), `{` + one + `}`}},
			asked: []string{"added_after=2026-03-15T08:00:00.500000Z"}, want: poll.Place{After: "2026-03-15T08:00:01.500Z"}, pages: 1,
		},
		"nothing new": {place: poll.Place{After: from}, steps: []step{{200, nil, `{}`}}, asked: []string{"added_after=" + from}, want: poll.Place{After: from}},
		"busy": {
			steps: []step{{429, map[string]string{"Retry-After": "7"}, ""}, {503, map[string]string{"Retry-After": "Sun, 15 Mar 2026 08:00:30 GMT"}, ""}, {500, nil, ""}, {200, last(to), `{` + one + `}`}},
			asked: []string{"", "", "", ""}, want: poll.Place{After: to}, pages: 1, waits: 3,
		},
		"down":         {steps: []step{{503, nil, ""}, {503, nil, ""}, {502, nil, ""}, {503, nil, ""}, {503, nil, ""}}, asked: []string{"", "", "", "", ""}, waits: 4, fails: true},
		"not let in":   {steps: []step{{401, nil, `{"title":"who are you"}`}}, asked: []string{""}, err: poll.ErrCredential},
		"not allowed":  {steps: []step{{403, nil, ""}}, asked: []string{""}, err: poll.ErrCredential},
		"another door": {steps: []step{{406, nil, ""}}, asked: []string{""}, err: poll.ErrConfiguration},
		"a page":       {steps: []step{{200, map[string]string{"Content-Type": "text/html"}, "<html>"}}, asked: []string{""}, err: poll.ErrConfiguration},
		"no JSON":      {steps: []step{{200, nil, "{"}}, asked: []string{""}, fails: true},
		"bad query":    {steps: []step{{400, nil, ""}}, asked: []string{""}, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &scripted{t: t, steps: c.steps}
			server := httptest.NewServer(s)
			defer server.Close()
			var waits []time.Duration
			client := poll.New(poll.Options{Sleep: sleeper(&waits), Clock: func() time.Time { return time.Date(2026, 3, 15, 8, 0, 0, 0, time.UTC) }})
			pages := 0
			got, err := client.Poll(t.Context(), poll.Peer{Root: server.URL + "/r", Token: "t"}, poll.Wish{Collection: "c"}, c.place, func(context.Context, poll.Page) error { pages++; return nil })
			if (err != nil) != (c.fails || c.err != nil) || c.err != nil && !errors.Is(err, c.err) {
				t.Fatalf("%v, not %v", err, c.err)
			}
			for i, q := range s.asked {
				s.asked[i] = strings.ReplaceAll(q, "%3A", ":")
			}
			if diff := cmp.Diff([]any{c.asked, c.want, c.pages, c.waits}, []any{s.asked, got, pages, len(waits)}); diff != "" {
				t.Error(diff)
			}
			if name == "busy" && (waits[0] != 7*time.Second || waits[1] != 30*time.Second) {
				t.Errorf("it waited %v", waits)
			}
		})
	}
}

func TestPushWaits(t *testing.T) {
	t.Parallel()
	s := &scripted{t: t, steps: []step{
		{200, nil, `{"title":"x","versions":["` + taxii.Media + `"],"max_content_length":60}`},
		{202, nil, `{"id":"s1","status":"pending","total_count":1,"success_count":0,"failure_count":0,"pending_count":1}`},
		{200, nil, `{"id":"s1","status":"pending","total_count":1,"success_count":0,"failure_count":0,"pending_count":1}`},
		{200, nil, `{"id":"s1","status":"complete","total_count":1,"success_count":1,"failure_count":0,"pending_count":0}`},
		{202, nil, `{"id":"s2","status":"complete","total_count":1,"success_count":0,"failure_count":1,"pending_count":0}`},
	}}
	server := httptest.NewServer(s)
	defer server.Close()
	var waits []time.Duration
	client := poll.New(poll.Options{Sleep: sleeper(&waits)})
	var told []string
	objects := [][]byte{[]byte(`{"name":"` + strings.Repeat("x", 20) + `"}`), []byte(`{"name":"` + strings.Repeat("y", 20) + `"}`)}
	if err := client.Push(t.Context(), poll.Peer{Root: server.URL}, "c", objects, func(_ context.Context, st taxii.Status) error {
		told = append(told, fmt.Sprint(st.ID, " ", st.Status, " ", st.SuccessCount))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"s1 complete 1", "s2 complete 0"}, told); diff != "" || len(waits) != 2 {
		t.Error(diff, waits)
	}
}

// A server that gives empty pages for ever is left.
func TestEmptyWithoutEnd(t *testing.T) {
	t.Parallel()
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Content-Type", taxii.Media)
		fmt.Fprintf(w, `{"more":true,"next":"%d"}`, asked)
	}))
	defer server.Close()
	_, err := poll.New(poll.Options{}).Poll(t.Context(), poll.Peer{Root: server.URL}, poll.Wish{Collection: "c"}, poll.Place{}, func(context.Context, poll.Page) error { return nil })
	if err == nil || asked > 200 {
		t.Errorf("asked %d times: %v", asked, err)
	}
}

// A server that wants to be left alone for longer than we wait is told of; a page that is too large is asked for once.
func TestWhereACallEnds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		step  step
		after time.Duration
	}{
		"an hour":         {step{503, map[string]string{"Retry-After": "3600"}, ""}, time.Hour},
		"at an instant":   {step{429, map[string]string{"Retry-After": "Sun, 15 Mar 2026 08:30:00 GMT"}, ""}, 30 * time.Minute},
		"not for a year":  {step{503, map[string]string{"Retry-After": "31536000"}, ""}, 24 * time.Hour},
		"a page too much": {step{200, nil, `{"objects":[{"name":"` + strings.Repeat("x", 300) + `"}]}`}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &scripted{t: t, steps: []step{c.step}}
			server := httptest.NewServer(s)
			t.Cleanup(server.Close)
			client := poll.New(poll.Options{
				Patience: time.Minute, PageMost: 200, Clock: func() time.Time { return time.Date(2026, 3, 15, 8, 0, 0, 0, time.UTC) },
				Sleep: func(context.Context, time.Duration) error { return errors.New("it waited") },
			})
			_, err := client.Poll(t.Context(), poll.Peer{Root: server.URL}, poll.Wish{Collection: "x"}, poll.Place{}, func(context.Context, poll.Page) error { return nil })
			busy, _ := errors.AsType[*poll.Busy](err)
			switch {
			case c.after == 0 && (err == nil || !strings.Contains(err.Error(), "more than 200 bytes")):
				t.Error(err)
			case c.after > 0 && (busy == nil || busy.After != c.after || !strings.Contains(err.Error(), "left alone")):
				t.Error(err)
			}
		})
	}
}
