package synth_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/ioclist"
	"github.com/rihla/rihla/formats/misp"
	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/synth"
)

// Every report of threats reads without fault, and the logs hold what the truth says they hold.
func TestCyberTraffic(t *testing.T) {
	t.Parallel()
	w := synth.Generate(synth.Options{Seed: 3, Cyber: 20})
	if len(w.Messages) < 20 || len(w.Truth.Cyber) == 0 {
		t.Fatalf("%d messages, %d cases", len(w.Messages), len(w.Truth.Cyber))
	}
	again := synth.Generate(synth.Options{Seed: 3, Cyber: 20})
	for i := range w.Messages {
		if again.Messages[i].Name != w.Messages[i].Name || !bytes.Equal(again.Messages[i].Body, w.Messages[i].Body) {
			t.Errorf("%s comes out otherwise", w.Messages[i].Name)
		}
	}
	if diff := cmp.Diff(w.Truth, again.Truth); diff != "" {
		t.Error(diff)
	}
	var logs strings.Builder
	for _, m := range w.Messages {
		switch {
		case strings.HasSuffix(m.Name, "bundle.json"):
			d, f := stix.Read(m.Body)
			if f != nil || len(d.Lost()) > 0 {
				t.Errorf("%s: %v %+v", m.Name, f, d.Lost())
			}
		case strings.HasSuffix(m.Name, "event.json"):
			_ = misp.Read(m.Body, func(e *misp.Event, f *fault.Fault) error {
				if f != nil || len(e.Lost)+len(e.Warnings) > 0 {
					t.Errorf("%s: %v %+v", m.Name, f, e)
				}
				return nil
			})
		case strings.HasSuffix(m.Name, ".csv"), strings.HasSuffix(m.Name, ".txt"):
			l, f := ioclist.Read(m.Body)
			if f != nil || !ioclist.Recognise(m.Body) || len(l.Entries) == 0 {
				t.Errorf("%s: %v", m.Name, f)
			}
		case strings.HasSuffix(m.Name, ".log"), strings.HasSuffix(m.Name, ".jsonl"):
			if head := m.Body[:min(len(m.Body), 4<<10)]; stix.Recognise(head) || misp.Recognise(head) || ioclist.Recognise(head) {
				t.Errorf("%s is taken for indicators", m.Name)
			}
			logs.Write(m.Body)
		}
	}
	fates := map[string]int{}
	for _, c := range w.Truth.Cyber {
		fates[c.Expected]++
		kind, value, refused := observable.Parse(observable.Kind(c.Kind), c.Value)
		if refused != nil || string(kind) != c.Kind || value != c.Value {
			t.Errorf("%+v reads as %s %s: %v", c, kind, value, refused)
		}
		if c.Expected == "sighted" && (c.Sightings == 0 || strings.Count(logs.String(), c.Value) < c.Sightings || len(c.Hosts) == 0) {
			t.Errorf("%+v does not stand in the logs", c)
		}
		if c.Expected != "sighted" && c.Sightings > 0 {
			t.Errorf("%+v is seen and not seen", c)
		}
	}
	for _, fate := range []string{"sighted", "unseen", "expired", "revoked", "context", "held", "refused"} {
		if fates[fate] == 0 {
			t.Errorf("nothing is %s: %v", fate, fates)
		}
	}
}
