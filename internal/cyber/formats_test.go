package cyber_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/cyber"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store/storetest"
)

// Every report is known by its first bytes, and by one format only before the catch-all of lists.
func TestRecognised(t *testing.T) {
	t.Parallel()
	r := open(t, storetest.SQLite(t))
	for name, want := range map[string]string{
		"stix/valid/01-indicator-malware.json": "stix", "stix/valid/06-all-kinds.json": "stix", "misp/01-event-attributes.json": "misp", "misp/02-event-objects-sharing-group.json": "misp",
		"ioc/01-defanged.csv": "ioclist", "ioc/02-mail-body.txt": "ioclist", "reports/01-early-warning.json": "rihla.incident-report/1", "reports/02-notification.json": "rihla.incident-report/1",
	} {
		if format, _, err := r.read(sample(t, name)); format != want || err != nil {
			t.Errorf("%s is %q (%v)", name, format, err)
		}
	}
	for text, want := range map[string]string{
		twoLines:                             "jsonl",
		`{"ts":1,"a":"198.51.100.7"}` + "\n": "jsonl",
		`{"ts":1,"a":"198.51.100.7"}`:        "jsonl",
		"2026-03-15T08:00:00Z 192.0.2.10 a.example A\n2026-03-15T08:00:01Z 192.0.2.10 b.example A\n":                                                        "dnslog",
		"15-Mar-2026 08:00:00.123 client @0x7f 192.0.2.10#53124 (a.example): query: a.example IN A + (192.0.2.1)\n":                                         "dnslog",
		"Mar 15 08:00:00 dnsmasq[812]: query[A] a.example from 192.0.2.10\n":                                                                                "dnslog",
		"#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tquery\n1773561600.0\tC1\t192.0.2.1\t1\t192.0.2.2\t53\ta.example\n": "dnslog",
		"198[.]51[.]100[.]7\nlogin[.]bank-portal[.]example\n":                                                                                               "ioclist",
	} {
		if format, _, err := r.read([]byte(text)); format != want || err != nil {
			t.Errorf("%.60q is %q (%v)", text, format, err)
		}
	}
}

// What is broken is refused or kept with its place, and the rest is still read.
func TestBroken(t *testing.T) {
	t.Parallel()
	r := open(t, storetest.SQLite(t))
	for _, name := range []string{"01-timestamp-offset", "02-id-prefix", "03-required-missing", "04-valid-until-before-from", "05-empty-list", "06-modified-before-created", "07-pattern-syntax", "08-one-bad-among-good",
		"09-same-version-different-content", "10-locations", "11-relationship-ends-and-name", "12-observables", "13-truncated", "14-bare-object"} {
		format, messages, err := r.read(sample(t, "stix/invalid/"+name+".json"))
		if format != "stix" {
			t.Errorf("%s is %q", name, format)
			continue
		}
		faults := 0
		for _, m := range messages {
			faults += len(m.Lost)
			if m.Err != nil {
				faults++
			}
		}
		var f *fault.Fault
		if err == nil && faults == 0 || err != nil && !errors.As(err, &f) {
			t.Errorf("%s: nothing is wrong with it (%v)", name, err)
		}
	}
	long := strings.Repeat("nonsense\n", 300)
	_, messages, err := r.read([]byte(twoLines + long))
	if err != nil || len(messages[0].Lost) != 100 || len(messages[0].Warnings) != 1 || messages[0].Lost[0].Line != 3 {
		t.Errorf("a log full of nonsense: %v, %d told, %d warnings", err, len(messages[0].Lost), len(messages[0].Warnings))
	}
	r.file("port", "log", []byte(twoLines+long))
}

// Every rule that ships does what its examples say.
func TestRulebook(t *testing.T) {
	t.Parallel()
	r := open(t, storetest.SQLite(t))
	text, err := fs.ReadFile(r.Rules(), "rulebook/cyber.yaml")
	if err != nil {
		t.Fatal(err)
	}
	results, err := rules.Test([]rules.File{{Name: "cyber.yaml", Data: text}}, []rules.Vocabulary{cyber.Vocabulary()})
	if err != nil || len(results) < 10 {
		t.Fatalf("%d examples (%v)", len(results), err)
	}
	for _, result := range results {
		if !result.Passed {
			t.Errorf("%s, %s: %v %s", result.Rule, result.Example, result.Got, result.Err)
		}
	}
}
