package cyber_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// composed is an indicator of a pattern, in a bundle.
func composed(t *testing.T, pattern string) []byte {
	t.Helper()
	text, err := json.Marshal(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, `{"type":"bundle","id":"bundle--0a0a0a0a-0000-4000-8000-000000000001","objects":[{"type":"indicator","spec_version":"2.1",
		"id":"indicator--0a0a0a0a-0000-4000-8000-0000000000aa","created":"2026-03-01T00:00:00.000Z","modified":"2026-03-01T00:00:00.000Z","name":"Two steps",
		"indicator_types":["malicious-activity"],"pattern":%s,"pattern_type":"stix","valid_from":"2026-03-01T00:00:00Z",
		"object_marking_refs":["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]}]}`, text)
}

// line is one of a log: when, at which machine, with what.
func line(at, host, rest string) string {
	return `{"@timestamp":"2026-03-16T` + at + `Z","host":{"name":"` + host + `"},` + rest + `}` + "\n"
}

const (
	fetched = `"dns":{"question":{"name":"cdn.update.example"}}`
	called  = `"source":{"ip":"10.0.0.7"},"destination":{"ip":"203.0.113.77","port":8443},"network":{"transport":"tcp"}`
	other   = `"destination":{"ip":"203.0.113.77","port":80}`
)

// A pattern of several observations is met where all of them are seen at one machine, in its order and within its time,
// whichever log each is in and whichever log came first.
func TestComposites(t *testing.T) {
	t.Parallel()
	const followed = `[domain-name:value = 'cdn.update.example'] FOLLOWEDBY [network-traffic:dst_ref.value = '203.0.113.77' AND network-traffic:dst_port IN (443, 8443)]`
	within := "(" + followed + ") WITHIN 600 SECONDS"
	for _, test := range []struct {
		name, pattern string
		logs          []string
		met           []string // places
	}{
		{"followed", within, []string{line("09:00:00", "gate-1", fetched) + line("09:05:00", "gate-1", called)}, []string{"gate-1"}},
		{"the other way round", within, []string{line("09:05:00", "gate-1", fetched) + line("09:00:00", "gate-1", called)}, nil},
		{"too far apart", within, []string{line("09:00:00", "gate-1", fetched) + line("09:10:01", "gate-1", called)}, nil},
		{"at two machines", within, []string{line("09:00:00", "gate-1", fetched) + line("09:05:00", "gate-2", called)}, nil},
		{"another port", within, []string{line("09:00:00", "gate-1", fetched) + line("09:05:00", "gate-1", other)}, nil},
		{"two logs", within, []string{line("09:00:00", "gate-1", fetched), line("09:05:00", "gate-1", called)}, []string{"gate-1"}},
		{"two logs, the later first", within, []string{line("09:05:00", "gate-1", called), line("09:00:00", "gate-1", fetched)}, []string{"gate-1"}},
		{"both, in any order", `[domain-name:value = 'cdn.update.example'] AND [ipv4-addr:value = '203.0.113.77']`,
			[]string{line("09:05:00", "gate-1", fetched) + line("09:00:00", "gate-1", called) + line("09:00:00", "gate-2", called)}, []string{"gate-1"}},
		{"either of two pairs", `([domain-name:value = 'cdn.update.example'] AND [ipv4-addr:value = '203.0.113.77']) OR ([ipv4-addr:value = '203.0.113.77'] REPEATS 3 TIMES WITHIN 60 SECONDS)`,
			[]string{line("09:00:00", "gate-3", other) + line("09:00:20", "gate-3", other) + line("09:00:59", "gate-3", called)}, []string{"gate-3"}},
		{"not often enough", `[ipv4-addr:value = '203.0.113.77'] REPEATS 3 TIMES WITHIN 60 SECONDS`,
			[]string{line("09:00:00", "gate-3", other) + line("09:00:20", "gate-3", other) + line("09:01:21", "gate-3", called)}, nil},
		{"in a network, before its end", `([ipv4-addr:value ISSUBSET '203.0.113.0/24'] AND [url:value = 'https://drop.example/a']) START t'2026-03-16T00:00:00Z' STOP t'2026-03-16T10:00:00Z'`,
			[]string{line("09:00:00", "gate-4", `"url":{"full":"https://drop.example/a"}`) + line("09:30:00", "gate-4", called) + line("11:00:00", "gate-5", called) + line("11:00:00", "gate-5", `"url":"https://drop.example/a"`)}, []string{"gate-4"}},
		{"a digest and the mail it came by", `[email-message:from_ref.value = 'pay@bank-portal.example' AND email-message:subject LIKE 'Invoice%'] FOLLOWEDBY [file:hashes.'SHA-256' = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08']`,
			[]string{line("09:00:00", "gate-6", `"email":{"from":"pay@bank-portal.example","subject":"Invoice 7"}`) + line("09:00:30", "gate-6", `"file":{"hash":{"sha256":"9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"}}`)}, []string{"gate-6"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := open(t, storetest.SQLite(t))
			r.file("CSIRT-EX", "r1", composed(t, test.pattern))
			for i, log := range test.logs {
				r.file("port", fmt.Sprintf("log%d", i), []byte(log))
				r.file("port", fmt.Sprintf("log%d", i), []byte(log)) // twice is once
			}
			if diff := cmp.Diff(test.met, r.metAt()); diff != "" {
				t.Errorf("met at (-want +got):\n%s", diff)
			}
		})
	}
}

// A composite that comes after the logs is met in them all the same, is shown as in force, and leaves as the pattern it is;
// erased with the logs, nothing of their lines is left.
func TestACompositeIsSearchedBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, openStore func() *store.Store) {
		r := open(t, openStore())
		r.file("port", "log0", []byte(line("09:00:00", "gate-1", fetched)))
		r.file("port", "log1", []byte(line("09:05:00", "gate-1", called)))
		r.file("CSIRT-EX", "r1", composed(t, `[domain-name:value = 'cdn.update.example'] FOLLOWEDBY [ipv4-addr:value = '203.0.113.77']`))
		for range 2 {
			r.lookBack()
			if diff := cmp.Diff([]string{"gate-1"}, r.metAt()); diff != "" {
				t.Errorf("met at (-want +got):\n%s", diff)
			}
		}
	})
	k := openDesk(t)
	k.file("CSIRT-EX", "r1", composed(t, `[domain-name:value = 'cdn.update.example'] FOLLOWEDBY [ipv4-addr:value = '203.0.113.77']`))
	k.file("CSIRT-EX", "r2", []byte(strings.ReplaceAll(string(composed(t, `[domain-name:value = 'cdn.update.example'] FOLLOWEDBY [process:command_line LIKE '%-enc%']`)), "0000000000aa", "0000000000ab")))
	var page list[indicator]
	k.ask("GET", "/indicators?kind=pattern", nil, &page)
	states := map[string]int{}
	for _, i := range page.Items {
		states[i.State]++
		var bundle struct {
			Objects []struct{ Type, Pattern string }
		}
		if code := k.ask("GET", "/indicators/"+i.ID+"/export?audience=partner", nil, nil); (code == 200) != (i.State == "active") {
			t.Errorf("%s: exported with %d", i.State, code)
		} else if code == 200 {
			k.ask("GET", "/indicators/"+i.ID+"/export?audience=partner", nil, &bundle)
			if last := bundle.Objects[len(bundle.Objects)-1]; !strings.Contains(last.Pattern, "FOLLOWEDBY") {
				t.Errorf("exported as %+v", last)
			}
		}
	}
	if states["active"] != 1 || states["composite"] != 1 {
		t.Errorf("the states are %v", states)
	}
}

// metAt are the machines at which something was met, in order.
func (r *room) metAt() (places []string) {
	r.t.Helper()
	rows, err := r.store.Read().QueryContext(r.t.Context(), `select h.place from cyber_sighting s join cyber_host h on h.id = s.host group by h.place order by h.place`)
	if err != nil {
		r.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var place string
		if err := rows.Scan(&place); err != nil {
			r.t.Fatal(err)
		}
		places = append(places, place)
	}
	return places
}
