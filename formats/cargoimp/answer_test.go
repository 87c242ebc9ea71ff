package cargoimp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/cargoimp"
)

// The answers we make are those of the samples.
func TestAnswers(t *testing.T) {
	t.Parallel()
	at := func(clock string) time.Time {
		when, err := time.Parse("2006-01-02 15:04", "2026-03-14 "+clock)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	good, bad := load(t, "testdata/01-direct-v16.fwb"), load(t, "testdata/invalid/01-check-digit.fwb")
	vague := one(t, load(t, "testdata/invalid/05-vague-description.fhl"))
	const master, second = "969-10000023", "PF26H0002"
	for file, m := range map[string]*cargoimp.Message{
		"01-received.psn":          cargoimp.Tell(master, "PF26H0001", cargoimp.Say(cargoimp.Received, at("08:00"))),
		"02-rfi.psn":               cargoimp.Tell(master, second, cargoimp.Say(cargoimp.InfoHold, at("08:09"))),
		"03-rfi-in-place.psn":      cargoimp.Tell(master, second, cargoimp.Say(cargoimp.InfoInPlace, at("08:31"))),
		"04-rfi-removed.psn":       cargoimp.Tell(master, second, cargoimp.Say(cargoimp.InfoRemoved, at("08:35"))),
		"05-complete.psn":          cargoimp.Tell(master, second, cargoimp.Say(cargoimp.Complete, at("08:35"))),
		"06-manifest-received.psn": cargoimp.Tell("", "", cargoimp.Say(cargoimp.Received, at("09:17").AddDate(0, 0, 1))),
		"07-error.per":             cargoimp.Report(master, "PF26H0009", vague.Warnings[:0:0]),
		"08-accepted.fma":          cargoimp.Accept(good),
		"09-rejected.fna":          cargoimp.Reject(one(t, bad), bad),
	} {
		if file == "07-error.per" {
			f := find(vague.Warnings, cargoimp.MissingDescription, 4)
			m = cargoimp.Report(master, "PF26H0009", append(vague.Warnings[:0:0], *f))
		}
		written, err := cargoimp.Append(nil, m)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if diff := cmp.Diff(string(load(t, "testdata/"+file)), string(written)); diff != "" {
			t.Errorf("%s (-sample +written):\n%s", file, diff)
		}
	}
}

// Nothing that is only odd is ever refused; what is wrong is named by its line in the message, not in the file, the worst
// first and at most nine.
func TestReject(t *testing.T) {
	t.Parallel()
	if m := cargoimp.Reject(one(t, []byte(waybill)), nil); m != nil {
		t.Errorf("a faultless message is refused: %v", m.Answer.Text)
	}
	sums := load(t, "testdata/invalid/04-sums-disagree.fwb")
	if m := cargoimp.Reject(one(t, sums), sums); m != nil {
		t.Errorf("what is only odd is refused: %v", m.Answer.Text)
	}
	raw := "QU AMMCI9X\r\n.JFKFM9X 151422\r\n" + strings.Replace(waybill, "/T10K", "/TXXK", 1)
	m := one(t, []byte(raw))
	got := cargoimp.Reject(m, []byte(raw[m.Offset:m.Offset+m.Length])).Answer
	if want := "AWB0040 PIECES WRONG LINE 2 POS 21"; got.Accepted || got.Text[0] != want || got.Echo[0] != "FWB/16" {
		t.Errorf("%q, want %q, above %q", got.Text[0], want, got.Echo[0])
	}
	m = one(t, []byte("FWB/16\r\n969-10000013AMMFRA/T0K0\r\n"))
	if n := len(cargoimp.Reject(m, nil).Answer.Text); n != 9 {
		t.Errorf("%d reasons, want nine", n)
	}
}

// A PER names each error once, with its class.
func TestReport(t *testing.T) {
	t.Parallel()
	m := one(t, load(t, "testdata/invalid/05-vague-description.fhl"))
	got := cargoimp.Report("969-10000023", "PF26H0009", m.Warnings).Report.Errors
	want := []cargoimp.ErrorCode{{Class: "422", Code: "MISSING_CARGO_DESC"}, {Class: "422", Code: "MISSING_SHP_NAME"}, {Class: "422", Code: "MISSING_SHP_ADDR"}, {Class: "422", Code: "MISSING_CNE_NAME"}, {Class: "422", Code: "MISSING_CNE_ADDR"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if m := cargoimp.Report("969-10000023", "", nil); m != nil {
		t.Error("nothing is reported as something")
	}
	m = one(t, load(t, "testdata/invalid/01-check-digit.fwb"))
	if e := cargoimp.Report("969-10000013", "", m.Warnings).Report.Errors; len(e) != 1 || e[0] != (cargoimp.ErrorCode{Class: "400", Code: "BAD_WBL_FORMAT"}) {
		t.Errorf("a wrong check digit is reported as %v", e)
	}
}

// The older PER has no class, a master may be marked by M, and a status may come alone.
func TestLiberalAnswers(t *testing.T) {
	t.Parallel()
	m := one(t, []byte("PER\r\n969-10000012-M\r\nERR/MISSING_CNE_ADDR\r\n/MISSING_SHP_NAME\r\n"))
	if m.Error != nil || m.Report.House != "" || len(m.Report.Errors) != 2 || m.Report.Errors[0].Class != "" || len(faults(m)) > 0 {
		t.Errorf("%+v %v", m.Report, faults(m))
	}
	m = one(t, []byte("FNA/1\r\nACK/AWB0020 CHECK DIGIT WRONG\r\n/AND MORE\r\nFWB/16\r\nnonsense\r\n"))
	if m.Error != nil || len(m.Answer.Text) != 2 || len(m.Answer.Echo) != 2 || m.Answer.Original != nil || m.Answer.Accepted {
		t.Errorf("%+v %v", m.Answer, faults(m))
	}
	m = one(t, []byte("FXX\r\n969-10000023-PF26H0001\r\nOSI/SHIPPER CANCELLED\r\n"))
	if m.Cancellation == nil || m.Reference() != "969-10000023-PF26H0001" || m.Cancellation.Text[0] != "SHIPPER CANCELLED" {
		t.Errorf("%+v", m)
	}
}

func TestTelex(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Müller & Söhne GmbH": "MULLER AND SOHNE GMBH", "A/B_C": "A-B-C", "  two   blanks  ": "TWO BLANKS", "شركة": "", "O'Neill": "ONEILL", "Straße 5": "STRASSE 5", "x\r\ny": "X Y",
	} {
		if got := cargoimp.Telex(text, 65); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := cargoimp.Telex("ABCDE FGH", 6); got != "ABCDE" {
		t.Errorf("%q", got)
	}
}

func TestWaybill(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"969-10000012": "969-10000012 ok", "96910000012": "969-10000012 ok", "969 10000012": "969-10000012 ok", " 969-12345675 ": "969-12345675 ok", "969-10000013": "969-10000013 wrong",
		"969-10000019": "969-10000019 wrong", "96-910000012": "", "969--10000012": "", "969-1000001": "", "969-100000122": "", "ABC-10000012": "", "": "",
	} {
		w, ok := cargoimp.ParseWaybill(text)
		got := ""
		if ok {
			got = string(w) + map[bool]string{true: " ok", false: " wrong"}[w.Checks()]
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	w := cargoimp.Waybill("969-10000012")
	if w.Prefix() != "969" || w.Digits() != "96910000012" || w.CheckDigit() != 2 || cargoimp.Waybill("").Checks() || cargoimp.Waybill("x").CheckDigit() != 7 {
		t.Errorf("%s %s %d", w.Prefix(), w.Digits(), w.CheckDigit())
	}
	if k := cargoimp.HouseKey(" pf-26 h0001"); k != "PF26H0001" {
		t.Errorf("%q", k)
	}
}

// Days of flights get their month from the waybill's date, or from when the message came.
func TestFlightDates(t *testing.T) {
	t.Parallel()
	for edit, want := range map[[2]string]string{
		{"", ""}:                           "2026-03-15",
		{"14MAR26", "31DEC25"}:             "2026-01-15",
		{"9X101/15", "9X101/01"}:           "2026-03-01",
		{"9X101/15", "9X101/31"}:           "2026-03-31",
		{"ISU/14MAR26", "ISU/NOT A DATE"}:  "2026-03-15",
		{"14MAR26/AMMAN", "29JAN26/AMMAN"}: "2026-01-15",
	} {
		m := one(t, []byte(strings.Replace(waybill, edit[0], edit[1], 1)))
		if got := m.FWB.Flights[0].Date.String(); got != want {
			t.Errorf("%v: %s, want %s", edit, got, want)
		}
	}
	s := cargoimp.Stamp{Day: 31, Month: 12, Hour: 23, Minute: 59}
	if got := s.Near(time.Date(2026, 1, 1, 0, 5, 0, 0, time.UTC)); got.Year() != 2025 {
		t.Errorf("%v", got)
	}
}

func TestMeasures(t *testing.T) {
	t.Parallel()
	for m, want := range map[cargoimp.Measure]int64{
		{Value: "100", Unit: "K"}: 100_000, {Value: "1", Unit: "L"}: 453, {Value: "661.4", Unit: "L"}: 300_005, {Value: "0.5", Unit: "K"}: 500, {Value: ".5", Unit: "K"}: 500,
	} {
		if got := m.Grams(); got != want {
			t.Errorf("%v: %d g, want %d", m, got, want)
		}
	}
	for m, want := range map[cargoimp.Measure]int64{
		{Value: "1.25", Unit: "MC"}: 1_250_000, {Value: "1", Unit: "CF"}: 28316, {Value: "1000", Unit: "CI"}: 16387, {Value: "12", Unit: "CC"}: 12, {Value: "1", Unit: "X"}: 0,
	} {
		if got := m.CubicCentimetres(); got != want {
			t.Errorf("%v: %d cm³, want %d", m, got, want)
		}
	}
}
