package cyber_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What stands on the node's own warning list is kept and never matched, whichever came first: the warning or the indicator;
// a name stands for those below it, a network for its addresses. Off the list, it is matched again.
func TestOwnWarningList(t *testing.T) {
	t.Parallel()
	k := openDesk(t)
	k.file("CSIRT-EX", "l1", []byte("type,value\ndomain,evil.partner.test.example\nurl,https://cdn.partner.test.example/a\nip,203.0.113.77\nip,198.51.100.9\ndomain,bad.other.example\n"))
	state := func(value string) string { return k.indicator(value).State }
	before := map[string]string{}
	for _, v := range []string{"evil.partner.test.example", "203.0.113.77", "198.51.100.9", "bad.other.example"} {
		before[v] = state(v)
	}
	var out struct{ Indicators int }
	for _, body := range []map[string]any{
		{"value": "partner.test[.]example", "reason": "our partner's own machines"},
		{"value": "203.0.113.0/24", "reason": "the port's own network"},
	} {
		if code := k.ask("PUT", "/warnings", body, &out); code != http.StatusOK || out.Indicators == 0 {
			t.Fatalf("%v answered %d, %d changed", body, code, out.Indicators)
		}
	}
	if i := k.indicator("evil.partner.test.example"); i.State != "refused" || i.Rule != "own-list" {
		t.Errorf("a name below one on the list is %+v", i)
	}
	if i := k.indicator("203.0.113.77"); i.State != "refused" || i.Rule != "own-list" {
		t.Errorf("an address in a network on the list is %+v", i)
	}
	if got := state("198.51.100.9"); got != before["198.51.100.9"] {
		t.Errorf("another address is %s", got)
	}
	k.file("port", "log1", []byte(line("09:00:00", "gate-1", called)))
	if diff := cmp.Diff([]string(nil), k.metAt()); diff != "" {
		t.Errorf("a log met what is on the list (-want +got):\n%s", diff)
	}
	// One that comes after the warning, and the warning taken off again.
	k.file("CSIRT-EX", "l2", []byte("type,value\nip,203.0.113.99\n"))
	if i := k.indicator("203.0.113.99"); i.State != "refused" || i.Rule != "own-list" {
		t.Errorf("an indicator that came after the warning is %+v", i)
	}
	if code := k.ask("DELETE", "/warnings?value=203.0.113.0/24", nil, &out); code != http.StatusOK || out.Indicators != 2 {
		t.Errorf("taken off: %d, %d changed", code, out.Indicators)
	}
	if got := state("203.0.113.77"); got != before["203.0.113.77"] {
		t.Errorf("off the list it is %s, was %s", got, before["203.0.113.77"])
	}
	k.file("port", "log2", []byte(line("10:00:00", "gate-2", called)))
	if diff := cmp.Diff([]string{"gate-2"}, k.metAt()); diff != "" {
		t.Errorf("off the list (-want +got):\n%s", diff)
	}
	var all list[struct{ Kind, Value, Reason, By string }]
	k.ask("GET", "/warnings", nil, &all)
	if len(all.Items) != 1 || all.Items[0].Value != "partner.test.example" || all.Items[0].By != "huda" {
		t.Errorf("the list is %+v", all.Items)
	}
	for _, body := range []map[string]any{{"value": "no value", "reason": "five letters"}, {"value": "a.example.net"}} {
		if code := k.ask("PUT", "/warnings", body, nil); code != http.StatusUnprocessableEntity {
			t.Errorf("%v answered %d", body, code)
		}
	}
	if code := k.ask("DELETE", "/warnings?value=never.was.example.net", nil, nil); code != http.StatusNotFound {
		t.Errorf("what is not on the list answered %d", code)
	}
}
