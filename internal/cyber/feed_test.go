package cyber_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/cyber/feed"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

// What another node serves becomes indicators here, the feed's; its desk and who runs the node see how the feed is.
func TestAFeedBecomesIndicators(t *testing.T) {
	t.Parallel()
	other, x := openShelved(t), openShelved(t)
	other.taxii(http.MethodPost, envelope(t, "stix/valid/01-indicator-malware.json"))
	server := httptest.NewServer(other.mux)
	t.Cleanup(server.Close)
	k, err := keys.Open(t.Context(), x.store, keys.Options{Dir: x.keyDir})
	if err != nil {
		t.Fatal(err)
	}
	feeds, err := feed.Open(t.Context(), feed.Options{Store: x.store, Keys: k, Collections: x.server, Added: x.Added})
	if err != nil {
		t.Fatal(err)
	}
	var shown list[struct {
		Name, State string
		Taken       int
	}]
	if code := x.ask("GET", "/feeds", nil, &shown); code != http.StatusOK || len(shown.Items) != 0 {
		t.Errorf("without feeds: %d %+v", code, shown)
	}
	x.Follow(feeds)
	x.bind()
	if err := x.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return feeds.Add(ctx, tx, feed.Feed{Name: "csirt", Root: server.URL + "/taxii2/rihla/", Collection: other.home}, feed.Credential{}, "operator", "administrator")
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := feeds.Pull(t.Context(), "csirt"); err != nil {
		t.Fatal(err)
	}
	x.wake()
	if i := x.indicator("198.51.100.7"); i.State != "active" || !slices.Equal(i.Sources, []string{"csirt"}) {
		t.Errorf("it is held as %+v", i)
	}
	for role, want := range map[access.Role]int{
		access.Responder: 200, access.Supervisor: 200, access.Auditor: 200, access.Administrator: 200, access.Analyst: 403, access.Filer: 403, access.Partner: 403,
	} {
		x.who = access.Principal{ID: "7", Name: "somebody", Role: role}
		var into any
		if want == http.StatusOK {
			into = &shown
		}
		if code := x.ask("GET", "/feeds", nil, into); code != want {
			t.Errorf("%s is answered %d", role, code)
		}
	}
	if len(shown.Items) != 1 || shown.Items[0].Name != "csirt" || shown.Items[0].State != "ok" || shown.Items[0].Taken == 0 {
		t.Errorf("%+v", shown)
	}
}
