package mrz_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/mrz"
)

const specimen = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"

func TestReadTellsAllDigits(t *testing.T) {
	t.Parallel()
	r, err := mrz.Read(specimen, today)
	if err != nil || !r.OK() {
		t.Fatal(err, r.Faults)
	}
	want := []mrz.Check{
		{Field: mrz.FieldNumber, Line: 2, Column: 10, Digit: "6", Want: "6", OK: true}, {Field: mrz.FieldBorn, Line: 2, Column: 20, Digit: "2", Want: "2", OK: true},
		{Field: mrz.FieldExpires, Line: 2, Column: 28, Digit: "9", Want: "9", OK: true}, {Field: mrz.FieldOptional, Line: 2, Column: 43, Digit: "1", Want: "1", OK: true},
		{Field: mrz.FieldComposite, Line: 2, Column: 44, Digit: "0", Want: "0", OK: true},
	}
	if diff := cmp.Diff(want, r.Checks); diff != "" {
		t.Error(diff)
	}
	for text, n := range map[string]int{
		"I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<":           4,
		"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6":                               4,
		"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<":               3,
		"P<BHRALSAMPLE<<LAYLA<<<<<<<<<<<<<<<<<<<<<<<<\nP2233445<0BHR9104026F3103315<<<<<<<<<<<<<<<4":               4, // the optional data are empty, and so is their digit
		"I<BELXK0123456<789" + "0" + "<<<<<<<<<<<\n9002011F3001028BEL<<<<<<<<<<<0\nROE<<JANE<<<<<<<<<<<<<<<<<<<<<": 4, // a long number
	} {
		if r, err := mrz.Read(text, today); err != nil || len(r.Checks) != n {
			t.Errorf("%.20s: %v %+v", text, err, r.Checks)
		}
	}
}

// A digit that does not fit says what it should be, and the composite digit that covers it fails with it.
func TestReadTellsWrongDigits(t *testing.T) {
	t.Parallel()
	r, err := mrz.Read("P<BHRALSAMPLE<<LAYLA<<<<<<<<<<<<<<<<<<<<<<<<\nP2233445<1BHR9104026F3103315<<<<<<<<<<<<<<<4", today)
	if err != nil {
		t.Fatal(err)
	}
	var wrong []mrz.Check
	for _, c := range r.Checks {
		if !c.OK {
			wrong = append(wrong, c)
		}
	}
	want := []mrz.Check{{Field: mrz.FieldNumber, Line: 2, Column: 10, Digit: "1", Want: "0"}, {Field: mrz.FieldComposite, Line: 2, Column: 44, Digit: "4", Want: "1"}}
	if diff := cmp.Diff(want, wrong); diff != "" {
		t.Error(diff)
	}
	if r.OK() || r.Probable != "" {
		t.Errorf("%+v", r)
	}
}

func TestReadTellsCorrections(t *testing.T) {
	t.Parallel()
	r, err := mrz.Read("P<UT0ERIK5SON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO74O8122F12O4159ZE184226B<<<<<1O", today)
	if err != nil {
		t.Fatal(err)
	}
	want := []mrz.Correction{
		{Field: "issuer", Line: 1, Was: "UT0", Read: "UTO"}, {Field: "names", Line: 1, Was: "ERIK5SON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", Read: "ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"},
		{Field: "born", Line: 2, Was: "74O812", Read: "740812"}, {Field: "expires", Line: 2, Was: "12O415", Read: "120415"},
	}
	if diff := cmp.Diff(want, r.Corrections); diff != "" {
		t.Error(diff)
	}
	for _, c := range r.Checks {
		if !c.OK {
			t.Errorf("%+v", c)
		}
	}
}

// Dates whose parts are not known are read as far as they are.
func TestUnknownParts(t *testing.T) {
	t.Parallel()
	for six, want := range map[string]date.Date{"74<<<<": {Year: 1974}, "7408<<": {Year: 1974, Month: 8}, "<<<<<<": {}} {
		z := mrz.Zone{Kind: mrz.TD3, Code: "P", Issuer: "UTO", Surname: "ERIKSSON", Number: "L898902C3", Nationality: "UTO", Sex: "X", Born: want, Expires: date.Date{Year: 2031, Month: 4, Day: 15}}
		lines := z.Lines()
		if lines[1][13:19] != six {
			t.Fatal(lines[1])
		}
		if r, err := mrz.Read(strings.Join(lines, "\n"), today); err != nil || !r.OK() || r.Born != want {
			t.Errorf("%s: %v %+v", six, err, r)
		}
	}
}

// A number with one mistaken character is found again by its digits, and never put in place by itself.
func TestProbable(t *testing.T) {
	t.Parallel()
	for was, read := range map[string]string{"L898902C3": "L8989O2C3", "P2233445": "P22334A5", "AB1O345": "AB10345"} {
		z := mrz.Zone{Kind: mrz.TD3, Code: "P", Issuer: "UTO", Surname: "ERIKSSON", Number: was, Nationality: "UTO", Sex: "F",
			Born: date.Date{Year: 1974, Month: 8, Day: 12}, Expires: date.Date{Year: 2031, Month: 4, Day: 15}}
		lines := z.Lines()
		lines[1] = read + lines[1][len(read):]
		r, err := mrz.Read(strings.Join(lines, "\n"), today)
		if want := map[bool]string{true: was}[!strings.Contains(read, "A5")]; err != nil || r.Probable != want || r.Number != read {
			t.Errorf("%s: %v %+v", read, err, r)
		}
	}
}

// No change of one character to another of a different value passes the check digits unseen.
func TestOneCharacter(t *testing.T) {
	t.Parallel()
	lines := strings.Split(specimen, "\n")
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.SampledFrom([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 13, 14, 15, 16, 17, 18, 21, 22, 23, 24, 25, 26}).Draw(t, "column")
		to := byte('0') + byte(rapid.IntRange(0, 9).Draw(t, "digit"))
		if (lines[1][at]-'0')%10 == to-'0' || lines[1][at] >= 'A' && (int(lines[1][at]-'A')+10)%10 == int(to-'0') {
			return // the digits cannot see it
		}
		changed := lines[1][:at] + string(to) + lines[1][at+1:]
		r, err := mrz.Read(lines[0]+"\n"+changed, today)
		if err != nil || r.OK() {
			t.Fatalf("%s: %v", changed, err)
		}
	})
}
