package server_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
)

// follow reads the events a role is sent after a number, until the stream has been silent for a moment or ends.
func (n node) follow(t *testing.T, url string, role access.Role, last string, lines chan<- string) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/api/v1/events", nil)
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+n.keys[role])
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	answer, err := http.DefaultClient.Do(r)
	must(t, err)
	go func() {
		defer close(lines)
		defer answer.Body.Close()
		for s := bufio.NewScanner(answer.Body); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return answer.StatusCode
}

// take gathers lines until the one wanted has come.
func take(t *testing.T, lines <-chan string, until string) []string {
	t.Helper()
	var all []string
	for {
		select {
		case line, more := <-lines:
			if !more {
				return append(all, "end")
			}
			all = append(all, line)
			if line == until {
				return all
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("still waiting for %q after %q", until, all)
		}
	}
}

// A follower gets what the role may know of, with numbers to take up from, and is let go when the node drains.
func TestEvents(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	s := httptest.NewServer(n)
	defer s.Close()

	lines := make(chan string, 100)
	if status := n.follow(t, s.URL, access.Analyst, "0", lines); status != 200 {
		t.Fatal(status)
	}
	want := []string{
		"retry: 1000", "",
		"event: flight", "id: 1", `data: {"name":"flight","id":"f1","counts":{"findings":2}}`, "",
		"event: list", "id: 3", `data: {"name":"list","id":"watch"}`,
	}
	if diff := cmp.Diff(want, take(t, lines, want[len(want)-1])); diff != "" {
		t.Errorf("the analyst's events (-want +got):\n%s", diff)
	}

	later := make(chan string, 100)
	n.follow(t, s.URL, access.FIU, "1", later)
	if got := strings.Join(take(t, later, "id: 3"), "|"); got != `retry: 1000||event: case|id: 2|data: {"name":"case","id":"c2"}||event: list|id: 3` {
		t.Errorf("after 1 the financial intelligence unit gets %s", got)
	}

	fresh := make(chan string, 100)
	n.follow(t, s.URL, access.Analyst, "", fresh)
	take(t, fresh, "retry: 1000")

	close(n.drain)
	for name, c := range map[string]chan string{"first": lines, "later": later, "fresh": fresh} {
		if got := take(t, c, "never"); got[len(got)-1] != "end" {
			t.Errorf("the %s stream goes on after the node drains: %q", name, got)
		}
	}
	bad := make(chan string, 100)
	if status := n.follow(t, s.URL, access.Analyst, "yesterday", bad); status != 400 {
		t.Errorf("an odd Last-Event-ID is answered %d", status)
	}
}

// A stream outlives the time that a server gives a request to arrive.
func TestEventsOutliveTheReadTimeout(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	s := httptest.NewUnstartedServer(n)
	s.Config.ReadTimeout = 200 * time.Millisecond
	s.Start()
	defer s.Close()
	lines := make(chan string, 100)
	n.follow(t, s.URL, access.Analyst, "", lines)
	take(t, lines, "retry: 1000")
	take(t, lines, "")
	select {
	case line, more := <-lines:
		t.Errorf("after the read timeout the stream says %q, goes on: %v", line, more)
	case <-time.After(500 * time.Millisecond):
	}
	close(n.drain)
	take(t, lines, "end")
}
