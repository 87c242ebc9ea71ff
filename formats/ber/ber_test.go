package ber_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/ber"
	"github.com/rihla/rihla/formats/fault"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// What is no element is refused with its place and a rule, whatever it is.
func TestRefused(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("3080", 40) + strings.Repeat("0000", 40)
	for _, c := range []struct{ name, in, rule string }{
		{"nothing", "", "truncated"},
		{"a tag alone", "30", "truncated"},
		{"a long tag cut", "7F", "truncated"},
		{"a tag of four bytes", "7F818101 00", "tag"},
		{"shorter than it says", "3003 0201", "truncated"},
		{"a length cut", "3082 01", "truncated"},
		{"a length of many bytes", "30FF" + strings.Repeat("01", 127), "length"},
		{"a huge length", "30847FFFFFFF 00", "length"},
		{"no end", "3080 020101", "truncated"},
		{"a number without a length", "0280 0101 0000", "length"},
		{"nested without end", deep, "depth"},
		{"something after it", "020101 02", "trailing"},
	} {
		_, err := ber.Parse(unhex(t, c.in))
		var f *fault.Fault
		if !errors.As(err, &f) || f.Rule != c.rule || f.Message == "" {
			t.Errorf("%s: %v, want %s", c.name, err, c.rule)
		}
	}
}

// Offsets are those of the file, however deep an element stands and however lengths are written.
func TestOffsets(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"3006 0201 05 A001 00", "308106 0201 05 A001 00", "3080 0201 05 A001 00 0000"} {
		raw := unhex(t, in)
		e, err := ber.Parse(raw)
		if err != nil {
			t.Fatal(in, err)
		}
		r := e.Inside()
		if n := r.Int("a number"); n != 5 {
			t.Error(in, n)
		}
		inner := r.Take(ber.Context(0), "a context")
		r.Over("the sequence")
		if r.Err() != nil || raw[inner.Offset] != 0xA0 {
			t.Error(in, inner.Offset, r.Err())
		}
		at := inner.Inside()
		if raw[at.Offset()] != 0 || at.Offset() != inner.Offset+2 {
			t.Error(in, at.Offset())
		}
	}
}

// The first fault sticks, and says where.
func TestSticks(t *testing.T) {
	t.Parallel()
	e, err := ber.Parse(unhex(t, "3009 020105 0C0161 020106"))
	if err != nil {
		t.Fatal(err)
	}
	r := e.Inside()
	_ = r.Int("first")
	_ = r.Int("second")
	_ = r.Int("third")
	var f *fault.Fault
	if !errors.As(r.Err(), &f) || f.Offset != 5 || f.Rule != "tag" || !strings.Contains(f.Message, "second") {
		t.Errorf("%+v", r.Err())
	}
	if r.More() || r.Peek() != 0 || len(r.Next().Raw) > 0 {
		t.Error("it goes on after a fault")
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"0606 2B 81 04 01 01 01": "1.3.132.1.1.1", "0605 67 81 08 01 01": "2.23.136.1.1", "0601 2A": "1.2", "0602 88 37": "2.999"} {
		if got := ber.NewReader(unhex(t, in)).OID("it"); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
		if got := ber.Identifier(want); !bytes.Equal(got, unhex(t, in)) {
			t.Errorf("%s: %X", want, got)
		}
	}
	for _, in := range []string{"0600", "060180", "0601" + "FF", "060A" + strings.Repeat("FF", 9) + "7F"} {
		if r := ber.NewReader(unhex(t, in)); r.OID("it") != "" || r.Err() == nil {
			t.Errorf("%s is an identifier", in)
		}
	}
	for text, want := range map[string]time.Time{
		"\x17\x0d491231235959Z":       time.Date(2049, 12, 31, 23, 59, 59, 0, time.UTC),
		"\x17\x0d500101000000Z":       time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC),
		"\x17\x0b0601021504Z":         time.Date(2006, 1, 2, 15, 4, 0, 0, time.UTC),
		"\x17\x11060102150405+0300":   time.Date(2006, 1, 2, 12, 4, 5, 0, time.UTC),
		"\x18\x0f20500101000000Z":     time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC),
		"\x18\x1320060102150405.123Z": time.Date(2006, 1, 2, 15, 4, 5, 123_000_000, time.UTC),
	} {
		r := ber.NewReader([]byte(text))
		if got := r.Time("it"); !got.Equal(want) || r.Err() != nil {
			t.Errorf("%q: %s %v", text, got, r.Err())
		}
	}
	r := ber.NewReader(unhex(t, "2480 0402 0102 0401 03 0000"))
	if got := r.Octets("it"); !bytes.Equal(got, []byte{1, 2, 3}) || r.Err() != nil {
		t.Errorf("pieces: %X %v", got, r.Err())
	}
}

// What is written is read back, of any length.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tag := rapid.SampledFrom([]uint32{0x30, 0x04, 0x5F1F, 0x7F61, 0x7F8101, 0xA3}).Draw(t, "tag")
		content := make([]byte, rapid.SampledFrom([]int{0, 1, 127, 128, 255, 256, 65535, 65536, 70000}).Draw(t, "n"))
		raw := ber.Of(tag, content[:len(content)/2], content[len(content)/2:])
		e, err := ber.Parse(raw)
		if err != nil || e.Tag != tag || !bytes.Equal(e.Content, content) || !bytes.Equal(e.Raw, raw) {
			t.Fatal(err, e.Tag, len(e.Content))
		}
		n := rapid.IntRange(0, 1<<31-1).Draw(t, "number")
		r := ber.NewReader(ber.Int(n))
		if got := r.Int("it"); got != n || r.Err() != nil {
			t.Fatal(got, n, r.Err())
		}
		at := time.Unix(rapid.Int64Range(-600_000_000, 7_000_000_000).Draw(t, "at"), 0).UTC()
		r = ber.NewReader(ber.Instant(at))
		if got := r.Time("it"); !got.Equal(at) || r.Err() != nil {
			t.Fatal(got, at, r.Err())
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"3006020105A00100", "3080020105A001000000", "248004020102040103" + "0000", "7F61035F1F00"} {
		raw, _ := hex.DecodeString(seed)
		f.Add(raw)
	}
	var walk func(t *testing.T, raw []byte, e ber.Element, depth int)
	walk = func(t *testing.T, raw []byte, e ber.Element, depth int) {
		if e.Offset < 0 || e.Offset+len(e.Raw) > len(raw) || !bytes.Equal(raw[e.Offset:e.Offset+len(e.Raw)], e.Raw) {
			t.Fatalf("the element at %d is not there", e.Offset)
		}
		if !e.Constructed() || depth > 20 {
			return
		}
		for r := e.Inside(); r.More(); {
			if inner := r.Next(); r.Err() == nil {
				walk(t, raw, inner, depth+1)
			}
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if e, err := ber.Parse(raw); err == nil {
			walk(t, raw, e, 0)
		}
		r := ber.NewReader(raw)
		for r.More() {
			_ = r.OID("a")
		}
	})
}
