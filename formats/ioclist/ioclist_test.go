package ioclist_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/ioclist"
	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
)

func load(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func read(t testing.TB, raw []byte) *ioclist.List {
	t.Helper()
	l, f := ioclist.Read(raw)
	if f != nil {
		t.Fatal(f)
	}
	return l
}

// TestTable holds the table to what its expectation says.
func TestTable(t *testing.T) {
	t.Parallel()
	var want struct {
		Rows, Accepted int
		Refused        []place
		Warnings       []place
		Values         map[string]string
	}
	if err := json.Unmarshal(load(t, "01-defanged.csv.expect.json"), &want); err != nil {
		t.Fatal(err)
	}
	raw := load(t, "01-defanged.csv")
	if !ioclist.Recognise(raw) {
		t.Error("not told by its beginning")
	}
	l := read(t, raw)
	if l.Shape != ioclist.Table || l.Rows != want.Rows || len(l.Entries) != want.Accepted || len(l.Lost) != len(want.Refused) || len(l.Warnings) != len(want.Warnings) {
		t.Fatalf("%s, %d rows, %d entries, %+v %+v", l.Shape, l.Rows, len(l.Entries), l.Lost, l.Warnings)
	}
	for i, w := range want.Refused {
		if f := l.Lost[i]; f.Line != w.Line || f.Rule != w.Rule || !strings.Contains(f.Message, w.Contains) {
			t.Errorf("wanted %+v, got %+v", w, f)
		}
		if f := l.Lost[i]; f.Length == 0 || strings.Contains(string(raw[f.Offset:f.Offset+f.Length]), "\n") {
			t.Errorf("the row is not at %d", f.Offset)
		}
	}
	for i, w := range want.Warnings {
		if f := l.Warnings[i]; f.Line != w.Line || f.Rule != w.Rule {
			t.Errorf("wanted %+v, got %+v", w, f)
		}
	}
	for _, e := range l.Entries {
		if v, ok := want.Values[json.Number(string(rune('0'+e.Line))).String()]; ok && v != e.Value {
			t.Errorf("line %d: %s, want %s", e.Line, e.Value, v)
		}
		if held := e.Line == 14 || e.Line == 15; held != (len(e.Held) > 0) {
			t.Errorf("line %d is held back: %v", e.Line, e.Held)
		}
	}
	first := ioclist.Entry{Line: 2, Kind: observable.IPv4, Value: "198.51.100.7", Text: "198[.]51[.]100[.]7", FirstSeen: time.Date(2026, 3, 14, 21, 2, 11, 0, time.UTC),
		TLP: stix.Amber, Confidence: 80, Comment: "loader callback", Tags: []string{"sandlark", "c2"}, Source: "CSIRT-EX"}
	if diff := cmp.Diff(first, l.Entries[0]); diff != "" {
		t.Error(diff)
	}
}

type place struct {
	Line     int
	Rule     string
	Contains string `json:"message_contains"`
}

// TestProse holds the mail to what its expectation says.
func TestProse(t *testing.T) {
	t.Parallel()
	type value struct{ Type, Value string }
	var want struct {
		TLP   string
		Found []value
		Ask   []struct{ Value, Why string }
		Not   []string `json:"not_found"`
	}
	if err := json.Unmarshal(load(t, "02-mail-body.txt.expect.json"), &want); err != nil {
		t.Fatal(err)
	}
	raw := load(t, "02-mail-body.txt")
	if !ioclist.Recognise(raw) {
		t.Error("not told by its beginning")
	}
	l := read(t, raw)
	var got []value
	for _, e := range l.Entries {
		got = append(got, value{string(e.Kind), e.Value})
		if e.TLP != stix.Green {
			t.Errorf("%s is %s", e.Value, e.TLP)
		}
	}
	if diff := cmp.Diff(want.Found, got); diff != "" {
		t.Error(diff)
	}
	if len(l.Ask) != 1 || l.Ask[0].Value != want.Ask[0].Value || l.Ask[0].Why != want.Ask[0].Why || l.TLP.String() != "TLP:"+want.TLP || l.Shape != ioclist.Prose {
		t.Errorf("%+v %s", l.Ask, l.TLP)
	}
}

// What would hurt whoever uses it is refused or held, with its line and rule; the rest of the list is read.
func TestPoison(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]struct {
		rule    string
		refused bool
	}{
		"0.0.0.0/0": {observable.BroadNetwork, true}, "::/0": {observable.BroadNetwork, true}, "8.0.0.0/8": {observable.BroadNetwork, true},
		"jo": {observable.PublicSuffix, true}, "com.jo": {observable.PublicSuffix, true}, "com": {observable.PublicSuffix, true},
		"8.8.8.8": {observable.PublicResolver, false}, "dns.google": {observable.PublicResolver, false}, "10.1.2.3": {observable.PrivateAddress, false},
		"127.0.0.1": {observable.SpecialAddress, false}, "google.com": {observable.WarningList, false}, "d41d8cd98f00b204e9800998ecf8427e": {observable.WarningList, false},
	} {
		kind := "ip"
		if strings.Trim(value, "abcdefghijklmnopqrstuvwxyz.") == "" {
			kind = "domain"
		}
		if len(value) == 32 {
			kind = "md5"
		}
		l := read(t, []byte("type,value\n"+kind+","+value+"\nip,198.51.100.7\n"))
		if want.refused && (len(l.Lost) != 1 || l.Lost[0].Rule != want.rule || l.Lost[0].Line != 2 || l.Lost[0].Mend == "" || len(l.Entries) != 1) {
			t.Errorf("%s: %+v", value, l.Lost)
		}
		if !want.refused && (len(l.Entries) != 2 || len(l.Entries[0].Held) == 0 || l.Entries[0].Held[0].Rule != want.rule || len(l.Warnings) != 1 || l.Warnings[0].Line != 2) {
			t.Errorf("%s: %+v %+v", value, l.Entries, l.Warnings)
		}
	}
}

// Broken tables: each row that cannot be read is named, the others are taken.
func TestBroken(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"type,value\nip,\n":                                                "lost 2 required",
		"type,value\nipv5,198.51.100.7\n":                                  "warning 2 unknown-type",
		"type,value\n,what is this\n":                                      "lost 2 unknown-type",
		"type,value\nmd5,abc\n":                                            "lost 2 hash",
		"type,value\nemail,nobody\n":                                       "lost 2 email",
		"type,value\nurl,a b\n":                                            "lost 2 url",
		"type,value\ncve,CVE-26-1\n":                                       "lost 2 cve",
		"type,value\nasn,AS99999999999\n":                                  "lost 2 asn",
		"type,value\nip,01.2.3.4\n":                                        "lost 2 ipv4",
		"type,value\nipv6,2001:db8::g\n":                                   "lost 2 ipv6",
		"type,value\ncidr,198.51.100.0/33\n":                               "lost 2 cidr",
		"type,value\nmac,00:11:22\n":                                       "lost 2 mac",
		"type,value\niban,JO00\n":                                          "lost 2 iban",
		"type;value;tlp\nip;198.51.100.7;ORANGE\n":                         "warning 2 tlp",
		"type\tvalue\tconfidence\nip\t198.51.100.7\tvery\n":                "warning 2 confidence",
		"value,first_seen\n198.51.100.7,yesterday\n":                       "warning 2 first_seen",
		"value,first_seen,last_seen\n198.51.100.7,2026-03-02,2026-03-01\n": "warning 2 order",
		"type,value,mood\nip,198.51.100.7,bad\n":                           "warning 1 unknown-column",
		"type,value\nip,198.51.100.7\nip,198[.]51[.]100[.]7\n":             "warning 3 duplicate",
		"198.51.100.7\nnot-an-indicator\n":                                 "lost 2 unknown-type",
		"198.51.100.7\n\xff\xfe\n":                                         "warning 0 utf-8",
	} {
		l, f := ioclist.Read([]byte(in))
		if f != nil {
			t.Errorf("%q: %v", in, f)
			continue
		}
		var got []string
		for _, x := range l.Lost {
			got = append(got, "lost "+string(rune('0'+x.Line))+" "+x.Rule)
		}
		for _, x := range l.Warnings {
			rule := x.Rule
			if rule == "range" || rule == "timestamp" {
				rule = x.Field
			}
			got = append(got, "warning "+string(rune('0'+x.Line))+" "+rule)
		}
		if !strings.Contains(strings.Join(got, "\n"), want) {
			t.Errorf("%q: %v, want %s", in, got, want)
		}
	}
	for _, in := range []string{"", "\n\n", "nothing to see here\n", "a\x00b", "type,value\n"} {
		if _, f := ioclist.Read([]byte(in)); f == nil {
			t.Errorf("%q was taken", in)
		}
	}
}

func TestRecognise(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"value\n198.51.100.7\n": true, "# ours\n198.51.100.7\nbad.example\n": true, "see hxxp://bad.example/": true, "MD5 0123456789abcdef0123456789abcdef": true,
		"Dear colleague, write to me@a.example": false, "UNA:+.? 'UNB+UNOA:4+A+B'COM+me@a.example:EM'": false, `{"a":"198.51.100.7"}`: false, "<a>198.51.100.7</a>": false,
		"FWB/16\n157-12345675AMMLHR/T1K1\n": false, "": false, "name,born\nAli,1980-01-01\n": false,
		"# ours\nagreement: x\nkey: 0123456789abcdef0123456789abcdef\n": false,
	} {
		if got := ioclist.Recognise([]byte(in)); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}

// Every kind of entry becomes an indicator that STIX takes, or none.
func TestIndicators(t *testing.T) {
	t.Parallel()
	l := read(t, []byte("198.51.100.7\n2001:db8::7\n203.0.113.0/28\n2001:db8:1::/48\nbad.example\nhttp://bad.example/it's\\x\nme@bad.example\n"+
		"0123456789abcdef0123456789abcdef\nAS64500\n00:11:22:33:44:55\nHKLM\\Software\\Bad\nCVE-2099-12345\n"))
	at := time.Date(2026, 3, 15, 8, 0, 0, 0, time.UTC)
	none := 0
	for i := range l.Entries {
		e := &l.Entries[i]
		raw := e.Indicator(stix.ID("indicator", [16]byte{byte(i)}), "", at, stix.AmberStrict)
		if raw == nil {
			none++
			continue
		}
		o, f := stix.ReadObject(raw)
		if f != nil || !o.Accepted() {
			t.Errorf("%s: %v %+v", e.Value, f, o)
			continue
		}
		atoms := o.Pattern().Atoms()
		if len(atoms) != 1 || atoms[0].Kind != e.Kind || atoms[0].Key != e.Key() {
			t.Errorf("%s %s asks for %+v", e.Kind, e.Value, atoms)
		}
		if level := stix.NewMarkings().Of(o); level.Object != stix.AmberStrict {
			t.Errorf("%s is %s", e.Value, level.Object)
		}
	}
	if len(l.Entries) != 12 || none != 1 {
		t.Errorf("%d entries, %d without a pattern: %+v", len(l.Entries), none, l.Lost)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"01-defanged.csv", "02-mail-body.txt"} {
		f.Add(load(f, name))
	}
	f.Add([]byte("type;value\nip;\"198.51\n.100.7\"\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		ioclist.Recognise(raw)
		l, fault := ioclist.Read(raw)
		if fault != nil {
			return
		}
		if !json.Valid(l.AppendJSON(nil)) {
			t.Fatalf("no JSON: %s", l.AppendJSON(nil))
		}
		for i := range l.Entries {
			e := &l.Entries[i]
			if p := e.Indicator("indicator--00000000-0000-4000-8000-000000000000", "", time.Unix(1e9, 0), stix.Red); p != nil {
				if o, f := stix.ReadObject(p); f != nil || !o.Accepted() {
					t.Fatalf("%+v becomes %s: %v %+v", e, p, f, o)
				}
			}
		}
	})
}
