package hall_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/hall"
)

var update = flag.Bool("update", false, "write the golden file anew")

func sample(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// one reads a file that can be read.
func one(t interface {
	Helper()
	Fatal(...any)
}, text string) *hall.Document {
	t.Helper()
	var doc *hall.Document
	if err := hall.Read([]byte(text), func(d *hall.Document, f *fault.Fault) error {
		if doc = d; f != nil {
			return f
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return doc
}

// Both forms of the sample say what the golden file says.
func TestGolden(t *testing.T) {
	t.Parallel()
	lines, whole := one(t, sample(t, "arrivals.jsonl")), one(t, sample(t, "arrivals.json"))
	if diff := cmp.Diff(lines, whole, cmpopts.IgnoreFields(hall.Document{}, "Withheld")); diff != "" {
		t.Errorf("the two forms differ:\n%s", diff)
	}
	got := append(lines.AppendJSON(nil), '\n')
	golden := filepath.Join("testdata", "arrivals.golden")
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(sample(t, "arrivals.golden"), string(got)); diff != "" {
		t.Error(diff)
	}
}

// What names a person is withheld, byte for byte, wherever it stands.
func TestWithheld(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"arrivals.jsonl", "arrivals.json"} {
		text := sample(t, name)
		var got []string
		for _, r := range one(t, text).Withheld {
			got = append(got, text[r.Offset:r.Offset+r.Length])
		}
		if diff := cmp.Diff([]string{"X1234567", "Y7654321", "ZZ0431017"}, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// An event that breaks the form is lost by itself, at its line and field, for its reason; the others are read.
func TestBrokenEvent(t *testing.T) {
	t.Parallel()
	const (
		desk    = `{"event":"desk","hall":"A","lane":"staffed","desk":"A-02","queued":"2026-11-24T15:12:10Z","began":"2026-11-24T15:19:40Z","ended":"2026-11-24T15:20:55Z","result":"passed"}`
		block   = `{"event":"on_block","flight":"ZZ431","date":"2026-11-24","at":"2026-11-24T15:02:00Z"}`
		quarter = `{"event":"staffing","lane":"staffed","quarter":"2026-11-24T15:00:00Z","desks":4}`
	)
	for name, test := range map[string]struct{ line, old, new, rule, field string }{
		"no JSON":               {desk, `"hall":`, `"hall"`, "E-HALL-JSON", ""},
		"a list":                {desk, desk, `[]`, "E-HALL-JSON", ""},
		"a name twice":          {desk, `"hall":"A"`, `"hall":"A","hall":"B"`, "E-HALL-JSON", ""},
		"no kind":               {desk, `"event":"desk",`, "", "E-HALL-EVENT", "event"},
		"another kind":          {desk, `"event":"desk"`, `"event":"door"`, "E-HALL-EVENT", "event"},
		"a lane unknown":        {desk, `"staffed"`, `"stafed"`, "E-HALL-LANE", "lane"},
		"no desk":               {desk, `"desk":"A-02",`, "", "E-HALL-MISSING", "desk"},
		"a desk of numbers":     {desk, `"A-02"`, `2`, "E-HALL-TEXT", "desk"},
		"a long desk":           {desk, `"A-02"`, `"` + strings.Repeat("A", 65) + `"`, "E-HALL-TEXT", "desk"},
		"a desk with a bell":    {desk, `"A-02"`, `"A` + `\u0007` + `2"`, "E-HALL-TEXT", "desk"},
		"a time without offset": {desk, "15:12:10Z", "15:12:10", "E-HALL-TIME", "queued"},
		"a time long ago":       {desk, `"2026-11-24T15:12:10Z"`, `"0026-11-24T15:12:10Z"`, "E-HALL-TIME", "queued"},
		"a wait backwards":      {desk, "15:12:10Z", "15:20:10Z", "E-HALL-ORDER", "queued"},
		"a wait of two days":    {desk, `"2026-11-24T15:12:10Z"`, `"2026-11-22T15:12:10Z"`, "E-HALL-ORDER", "queued"},
		"ended before it began": {desk, "15:20:55Z", "15:19:39Z", "E-HALL-ORDER", "ended"},
		"a day at the desk":     {desk, `"2026-11-24T15:20:55Z"`, `"2026-11-25T15:20:55Z"`, "E-HALL-ORDER", "ended"},
		"another result":        {desk, `"passed"`, `"refused"`, "E-HALL-RESULT", "result"},
		"a document of text":    {desk, `"result"`, `"document":"X1","result"`, "E-HALL-DOCUMENT", "document"},
		"no document's number":  {desk, `"result"`, `"document":{},"result"`, "E-HALL-MISSING", "document/number"},
		"a flight without day":  {desk, `"result"`, `"flight":"ZZ431","result"`, "E-HALL-MISSING", "date"},
		"no flight":             {block, `"flight":"ZZ431",`, "", "E-HALL-MISSING", "flight"},
		"a flight of letters":   {block, `"ZZ431"`, `"FOUR"`, "E-HALL-FLIGHT", "flight"},
		"a flight of digits":    {block, `"ZZ431"`, `"00431"`, "E-HALL-FLIGHT", "flight"},
		"a day of no month":     {block, "2026-11-24\"", "2026-11-31\"", "E-HALL-DATE", "date"},
		"from nowhere":          {block, `"at"`, `"from":"QQQ","at"`, "E-HALL-AIRPORT", "from"},
		"on block at no time":   {block, `,"at":"2026-11-24T15:02:00Z"`, "", "E-HALL-MISSING", "at"},
		"no quarter":            {quarter, "15:00:00Z", "15:05:00Z", "E-HALL-QUARTER", "quarter"},
		"half a desk":           {quarter, `"desks":4`, `"desks":4.5`, "E-HALL-DESKS", "desks"},
		"desks below none":      {quarter, `"desks":4`, `"desks":-4`, "E-HALL-DESKS", "desks"},
		"desks in words":        {quarter, `"desks":4`, `"desks":"four"`, "E-HALL-DESKS", "desks"},
	} {
		header, _, _ := strings.Cut(sample(t, "arrivals.jsonl"), "\n")
		bad := strings.Replace(test.line, test.old, test.new, 1)
		if bad == test.line {
			t.Errorf("%s: nothing was broken", name)
		}
		text := strings.Join([]string{header, desk, bad, block, quarter, ""}, "\n")
		d := one(t, text)
		if len(d.Passages) != 1 || len(d.Blocks) != 1 || len(d.Staffing) != 1 {
			t.Errorf("%s: the others are not read: %+v", name, d)
		}
		told := false
		for _, f := range d.Lost {
			told = told || f.Rule == test.rule && f.Field == test.field
			if f.Line != 3 || f.Message == "" || f.Mend == "" || f.What != "event" || text[f.Offset:f.Offset+f.Length] != bad {
				t.Errorf("%s: not located: %+v", name, f)
			}
		}
		if !told {
			t.Errorf("%s: %s of %q is not told, but %v", name, test.rule, test.field, d.Lost)
		}
	}
}

// What is odd is taken, and told.
func TestRemarks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ old, new, rule, field string }{
		"a member misspelt": {`"queued":"2026-11-24T15:12:10Z"`, `"queud":"2026-11-24T15:12:10Z"`, "W-HALL-UNKNOWN", "queud"},
		"a state unknown":   {`"issuer":"GBR"`, `"issuer":"QQZ"`, "W-HALL-COUNTRY", "document/issuer"},
	} {
		d := one(t, strings.Replace(sample(t, "arrivals.jsonl"), test.old, test.new, 1))
		if len(d.Lost) != 0 || len(d.Passages) != 3 || len(d.Warnings) != 1 || d.Warnings[0].Rule != test.rule || d.Warnings[0].Field != test.field || d.Warnings[0].Line != 6 {
			t.Errorf("%s: %+v, lost %v", name, d.Warnings, d.Lost)
		}
	}
}

// A document that is broken in one event, or cut short, keeps the others.
func TestBrokenDocument(t *testing.T) {
	t.Parallel()
	clean := sample(t, "arrivals.json")
	for name, test := range map[string]struct {
		text         string
		kept, lost   int
		warning      bool
		lostsPointer string
	}{
		"a colon forgotten": {strings.Replace(clean, `"desk": "E-01"`, `"desk" "E-01"`, 1), 6, 1, false, "/events/5"},
		"cut short":         {clean[:strings.LastIndex(clean, `"began"`)], 6, 1, false, "/events/6"},
		"no end":            {strings.TrimRight(clean, "]}\n "), 6, 1, false, "/events/6"},
		"something behind":  {clean + "{}", 7, 0, true, ""},
	} {
		d := one(t, test.text)
		if kept := len(d.Blocks) + len(d.Passages) + len(d.Staffing); kept != test.kept || len(d.Lost) != test.lost || (len(d.Warnings) > 0) != test.warning {
			t.Errorf("%s: %d kept, lost %v, warned %v", name, kept, d.Lost, d.Warnings)
		}
		for _, f := range d.Lost {
			if f.Pointer != test.lostsPointer || f.Offset+f.Length > len(test.text) {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
}

// A file of which nothing can be read says why.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	header, event, _ := strings.Cut(sample(t, "arrivals.jsonl"), "\n")
	for name, test := range map[string]struct{ text, rule string }{
		"nothing":          {"", "E-HALL-JSON"},
		"a list":           {"[]", "E-HALL-JSON"},
		"another schema":   {strings.Replace(header, "/v1", "/v9", 1) + "\n" + event, "E-HALL-SCHEMA"},
		"an airport of no": {strings.Replace(header, "BAH", "QQQ", 1) + "\n" + event, "E-HALL-AIRPORT"},
		"never sent":       {strings.Replace(header, `"sent":"2026-11-24T15:30:00Z",`, "", 1) + "\n" + event, "E-HALL-MISSING"},
		"no events":        {header, "E-HALL-EVENTS"},
		"an empty list":    {strings.TrimSuffix(header, "}") + `,"events":[]}`, "E-HALL-EMPTY"},
		"the header alone": {header + "\n\n", "E-HALL-EMPTY"},
		"no JSON":          {"{" + header, "E-HALL-JSON"},
		"deep":             {strings.Repeat(`{"events":[`, 50_000), "E-HALL-JSON"},
	} {
		var got *fault.Fault
		err := hall.Read([]byte(test.text), func(_ *hall.Document, f *fault.Fault) error {
			got = f
			return nil
		})
		if err != nil || got == nil || got.Rule != test.rule || got.Message == "" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// More than a file may hold is left, and said.
func TestLimits(t *testing.T) {
	t.Parallel()
	header, _, _ := strings.Cut(sample(t, "arrivals.jsonl"), "\n")
	const event = `{"event":"staffing","lane":"egate","quarter":"2026-11-24T15:00:00Z","desks":4}` + "\n"
	d := one(t, header+"\n"+strings.Repeat(event, hall.MaxEvents+1))
	if len(d.Staffing) != hall.MaxEvents || len(d.Warnings) != 1 || d.Warnings[0].Rule != "E-HALL-LIMIT" {
		t.Errorf("%d events, %v", len(d.Staffing), d.Warnings)
	}
	d = one(t, header+"\n"+strings.Repeat("{\n", hall.MaxFaults+5)+event)
	if len(d.Lost) != hall.MaxFaults || d.More != 5 || len(d.Staffing) != 1 {
		t.Errorf("%d lost and %d more", len(d.Lost), d.More)
	}
	big := bytes.Repeat([]byte(" "), hall.MaxBytes+1)
	stop := errors.New("stop")
	if err := hall.Read(big, func(_ *hall.Document, f *fault.Fault) error {
		if f == nil || f.Rule != "E-HALL-LIMIT" {
			t.Error(f)
		}
		return stop
	}); !errors.Is(err, stop) {
		t.Error(err)
	}
}

func TestRecognise(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"arrivals.jsonl", "arrivals.json"} {
		if text := sample(t, name); !hall.Recognise([]byte(text)) || !hall.Recognise([]byte("\ufeff \n"+text)) {
			t.Errorf("%s is not recognised", name)
		}
	}
	for _, other := range []string{"", "{}", "UNB+UNOA", `{"type":"bundle"}`, `["rihla.hall-events/v1"]`, `{"schema":"rihla.cash-declaration/v1"}`} {
		if hall.Recognise([]byte(other)) {
			t.Errorf("%q is taken for events of a hall", other)
		}
	}
}

// What is written is read again as it was.
func TestWrittenAndRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := func(name string) time.Time {
			return time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, name), 0).UTC()
		}
		word := rapid.StringMatching(`[A-Z0-9][A-Z0-9-]{0,9}`)
		flight := rapid.Custom(func(t *rapid.T) hall.Flight {
			return hall.Flight{
				Carrier: rapid.SampledFrom([]string{"ZZ", "9W", "GFA"}).Draw(t, "carrier"), Number: rapid.StringMatching(`[1-9][0-9]{0,3}`).Draw(t, "number"),
				Suffix: rapid.SampledFrom([]string{"", "A"}).Draw(t, "suffix"), Date: "2026-11-24", From: rapid.SampledFrom([]string{"", "LHR"}).Draw(t, "from"),
			}
		})
		name := rapid.SampledFrom([]string{"A", hall.DefaultHall})
		d := &hall.Document{Format: hall.Format, Airport: "BAH", Reference: word.Draw(t, "reference"), Sent: at("sent")}
		for range rapid.IntRange(0, 3).Draw(t, "blocks") {
			d.Blocks = append(d.Blocks, hall.Block{Flight: flight.Draw(t, "flight"), Hall: name.Draw(t, "hall"), At: at("at"), Estimated: rapid.Bool().Draw(t, "estimated")})
		}
		for range rapid.IntRange(0, 3).Draw(t, "staffing") {
			d.Staffing = append(d.Staffing, hall.Staffing{Hall: name.Draw(t, "hall"), Lane: rapid.SampledFrom(hall.Lanes).Draw(t, "lane"), Quarter: at("quarter").Truncate(hall.Quarter), Desks: rapid.IntRange(0, 40).Draw(t, "desks")})
		}
		for range rapid.IntRange(1, 3).Draw(t, "passages") {
			p := hall.Passage{Hall: name.Draw(t, "hall"), Lane: rapid.SampledFrom(hall.Lanes).Draw(t, "lane"), Desk: word.Draw(t, "desk"), Gate: rapid.Bool().Draw(t, "gate"), Began: at("began"), Result: hall.Passed}
			p.Ended = p.Began.Add(time.Duration(rapid.IntRange(0, 3600).Draw(t, "served")) * time.Second)
			if rapid.Bool().Draw(t, "seen") {
				p.Queued = p.Began.Add(-time.Duration(rapid.IntRange(0, 3600).Draw(t, "waited")) * time.Second)
			}
			switch rapid.IntRange(0, 2).Draw(t, "who") {
			case 1:
				p.Document = &hall.TravelDoc{Number: word.Draw(t, "number"), Issuer: rapid.SampledFrom([]string{"", "GBR"}).Draw(t, "issuer")}
				p.Flight = flight.Draw(t, "flight")
			case 2:
				p.Passenger = word.Draw(t, "passenger")
			}
			d.Passages = append(d.Passages, p)
		}
		got := one(t, string(hall.Append(nil, d)))
		if diff := cmp.Diff(d, got, cmpopts.IgnoreFields(hall.Document{}, "Withheld")); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Whatever comes, nothing panics; what is told lies within the file; what was read is written and read again.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"arrivals.jsonl", "arrivals.json"} {
		f.Add([]byte(sample(f, name)))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		hall.Recognise(raw)
		err := hall.Read(raw, func(d *hall.Document, refused *fault.Fault) error {
			if refused != nil {
				return nil
			}
			for _, x := range append(append([]fault.Fault(nil), d.Lost...), d.Warnings...) {
				if x.Offset < 0 || x.Length < 0 || x.Offset+x.Length > len(raw) {
					t.Errorf("%+v is not within %d bytes", x, len(raw))
				}
			}
			for _, r := range d.Withheld {
				if r.Offset < 0 || r.Length <= 0 || r.Offset+r.Length > len(raw) {
					t.Errorf("%+v is not within %d bytes", r, len(raw))
				}
			}
			if len(d.Blocks)+len(d.Staffing)+len(d.Passages) == 0 {
				return nil
			}
			again := one(t, string(hall.Append(nil, d)))
			if diff := cmp.Diff(d, again, cmpopts.IgnoreFields(hall.Document{}, "Withheld", "Warnings", "Lost", "More"), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
