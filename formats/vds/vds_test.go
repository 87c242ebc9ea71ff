package vds_test

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/vds"
)

// The zone of an invented visa.
var visa = []string{"V<UTOSAMPLE<<LAYLA<<<<<<<<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<<<<<<<<<"}

func sample() *vds.Seal {
	return &vds.Seal{Version: 4, Country: "UTO", Signer: "UTTS", Reference: "1A2B", Issued: date.Date{Year: 2026, Month: 3, Day: 25}, Sealed: date.Date{Year: 2026, Month: 3, Day: 26},
		Definition: 0x5D, Category: 0x01, Features: []vds.Feature{
			vds.ZoneFeature(0x01, visa), {Tag: 0x03, Value: []byte{2}}, {Tag: 0x04, Value: []byte{15, 3, 0}}, vds.TextFeature(0x05, "P1234567"), {Tag: 0x99, Value: []byte{0xAB}},
		}}
}

func signature(n int) func([]byte) ([]byte, error) {
	return func([]byte) ([]byte, error) { return bytes.Repeat([]byte{7}, n), nil }
}

func encode(t testing.TB, s *vds.Seal, n int) []byte {
	t.Helper()
	raw, err := s.Encode(signature(n))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The header byte for byte, as Doc 9303-13 lays it out.
func TestHeader(t *testing.T) {
	t.Parallel()
	raw := encode(t, sample(), 64)
	// 2026-03-25 is the number 03252026.
	if got := hex.EncodeToString(raw[:2]); got != "dc03" {
		t.Error(got)
	}
	if got := hex.EncodeToString(raw[12:18]); got != "319f3a31c64a" {
		t.Error(got)
	}
	three := sample()
	three.Version, three.Reference = 3, "0001B"
	if raw := encode(t, three, 64); raw[1] != 2 || !bytes.Equal(raw[16:18], []byte{0x5D, 0x01}) {
		t.Errorf("%X", raw[:18])
	}
}

func TestReadsWhatItWrites(t *testing.T) {
	t.Parallel()
	want := sample()
	raw := encode(t, want, 64)
	got, err := vds.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	want.Signature, want.SignedBytes = bytes.Repeat([]byte{7}, 64), raw[:len(raw)-66]
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	fields := []vds.Field{{"mrz", visa[0] + "\n" + visa[1]}, {"entries", "2"}, {"stay", "P0Y3M15D"}, {"passport_number", "P1234567"}, {"feature_99", "AB"}}
	if diff := cmp.Diff(fields, got.Fields()); diff != "" {
		t.Error(diff)
	}
	if got.Type() != "visa" || got.MRZ() != visa[0]+"\n"+visa[1] {
		t.Error(got.Type(), got.MRZ())
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	day := rapid.Custom(func(t *rapid.T) date.Date {
		return date.Date{Year: rapid.Int16Range(1900, 2100).Draw(t, "y"), Month: rapid.Int8Range(1, 12).Draw(t, "m"), Day: rapid.Int8Range(1, 28).Draw(t, "d")}
	})
	rapid.Check(t, func(t *rapid.T) {
		s := &vds.Seal{
			Version: rapid.SampledFrom([]int{3, 4}).Draw(t, "version"), Country: rapid.SampledFrom([]string{"UTO", "D"}).Draw(t, "country"), Signer: rapid.StringMatching(`[A-Z]{2}[A-Z0-9]{2}`).Draw(t, "signer"),
			Issued: day.Draw(t, "issued"), Sealed: day.Draw(t, "sealed"), Definition: rapid.Byte().Draw(t, "definition"), Category: rapid.Byte().Draw(t, "category"),
		}
		s.Reference = rapid.StringMatching(`[0-9A-F]{5}`).Draw(t, "reference")
		if s.Version == 4 {
			s.Reference = rapid.StringMatching(`[0-9A-F]{1,40}`).Draw(t, "reference")
		}
		for range rapid.IntRange(0, 4).Draw(t, "features") {
			s.Features = append(s.Features, vds.Feature{Tag: rapid.ByteRange(0, 0xFE).Draw(t, "tag"), Value: rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "value")})
		}
		n := rapid.SampledFrom([]int{56, 64, 96, 128, 132}).Draw(t, "signature")
		raw := encode2(t, s, n)
		got, err := vds.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		want := map[int]crypto.Hash{56: crypto.SHA256, 64: crypto.SHA256, 96: crypto.SHA384, 128: crypto.SHA512, 132: crypto.SHA512}[n]
		if got.Hash() != want {
			t.Fatal(n, got.Hash())
		}
		if again := encode2(t, got, n); !bytes.Equal(again, raw) {
			t.Fatalf("%X\n%X", raw, again)
		}
		_ = got.Fields()
	})
}

func encode2(t *rapid.T, s *vds.Seal, n int) []byte {
	raw, err := s.Encode(signature(n))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// What is no seal is refused with its place.
func TestBroken(t *testing.T) {
	t.Parallel()
	good := encode(t, sample(), 64)
	with := func(at int, b ...byte) []byte {
		c := bytes.Clone(good)
		copy(c[at:], b)
		return c
	}
	for _, c := range []struct {
		name   string
		raw    []byte
		rule   string
		offset int
	}{
		{"nothing", nil, "truncated", 0},
		{"another barcode", []byte("M1SAMPLE/LAYLA"), "not_seal", 0},
		{"the magic alone", good[:1], "truncated", 1},
		{"an older version", with(1, 1), "version", 1},
		{"a newer version", with(1, 4), "version", 1},
		{"no text for a state", with(2, 0xFF, 0xFF), "c40", 2},
		{"a set of C40 that seals have not", with(2, 0x06, 0x42), "c40", 2},
		{"no length of the reference", with(6, 0x59, 0xC1), "reference", 4},
		{"no such day", with(12, 0xFF, 0xFF, 0xFF), "bad_date", 12},
		{"cut in the header", good[:14], "truncated", 12},
		{"cut after the header", good[:20], "no_signature", 20},
		{"cut in a feature", good[:30], "truncated", 22},
		{"cut before the signature", good[:len(good)-66], "no_signature", len(good) - 66},
		{"cut in the signature", good[:len(good)-1], "truncated", len(good) - 64},
		{"more after it", append(bytes.Clone(good), 0), "trailing", len(good)},
		{"a huge feature", append(bytes.Clone(good[:20]), 0x01, 0x84, 0x7F, 0xFF, 0xFF, 0xFF), "length", 21},
		{"a feature without a length", append(bytes.Clone(good[:20]), 0x01, 0x80), "length", 21},
		{"a length of 127 bytes", append(bytes.Clone(good[:20]), append([]byte{0x01, 0xFF}, make([]byte, 127)...)...), "no_signature", 149},
		{"half a signature", append(bytes.Clone(good[:20]), 0xFF, 0x03, 1, 2, 3), "signature", 20},
		{"an empty signature", append(bytes.Clone(good[:20]), 0xFF, 0x00), "signature", 20},
		{"too long", append([]byte{0xDC}, make([]byte, vds.Most)...), "too_long", 0},
	} {
		_, err := vds.Parse(c.raw)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Rule != c.rule || f.Offset != c.offset || f.Message == "" {
			t.Errorf("%s: %+v, want %s at %d", c.name, err, c.rule, c.offset)
		}
	}
}

// A feature whose bytes are not what its profile says is shown as it is.
func TestOddFeatures(t *testing.T) {
	t.Parallel()
	s := sample()
	s.Features = []vds.Feature{{Tag: 0x01, Value: []byte{1}}, {Tag: 0x03, Value: []byte{1, 2}}, {Tag: 0x04}, {Tag: 0x05, Value: []byte{0xFF, 0xFF}}}
	want := []vds.Field{{"feature_01", "01"}, {"feature_03", "0102"}, {"feature_04", ""}, {"feature_05", "FFFF"}}
	if diff := cmp.Diff(want, s.Fields()); diff != "" {
		t.Error(diff)
	}
	if s.MRZ() != "" {
		t.Error(s.MRZ())
	}
	s.Definition = 0xFA
	if s.Type() != "fa01" {
		t.Error(s.Type())
	}
}

const data = `{"msg":{"pid":{"n":"SAMPLE LAYLA","dob":"1991-04-02","sex":"F","i":"P2233445"},"until":"2027-01-01","entries":2},"hdr":{"t":"uto.eta","v":1,"is":"UTO"}}`

func encodeNC(t testing.TB, data string) []byte {
	t.Helper()
	raw, err := vds.EncodeNC([]byte(data), "ES256", []byte{0x30, 0}, signature(64))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestNC(t *testing.T) {
	t.Parallel()
	n, err := vds.ParseNC(encodeNC(t, data))
	if err != nil {
		t.Fatal(err)
	}
	if n.Type != "uto.eta" || n.Version != 1 || n.Issuer != "UTO" || n.Hash != crypto.SHA256 || len(n.Signature) != 64 || !bytes.Equal(n.Certificate, []byte{0x30, 0}) {
		t.Errorf("%+v", n)
	}
	if want := `{"hdr":{"is":"UTO","t":"uto.eta","v":1},"msg":{"entries":2,"pid":{"dob":"1991-04-02","i":"P2233445","n":"SAMPLE LAYLA","sex":"F"},"until":"2027-01-01"}}`; string(n.SignedBytes) != want {
		t.Errorf("%s", n.SignedBytes)
	}
	if diff := cmp.Diff(vds.Person{Name: "SAMPLE LAYLA", Born: "1991-04-02", Sex: "F", Number: "P2233445"}, n.Person()); diff != "" {
		t.Error(diff)
	}
	fields := []vds.Field{{"entries", "2"}, {"pid.dob", "1991-04-02"}, {"pid.i", "P2233445"}, {"pid.n", "SAMPLE LAYLA"}, {"pid.sex", "F"}, {"until", "2027-01-01"}}
	if diff := cmp.Diff(fields, n.Fields()); diff != "" {
		t.Error(diff)
	}
}

// Whatever order and spacing a printer chose, the signed bytes are the same.
func TestCanonical(t *testing.T) {
	t.Parallel()
	a := encodeNC(t, data)
	b := []byte(strings.Replace(string(a), `"hdr":{"is":"UTO","t":"uto.eta","v":1},`, ``, 1))
	b = []byte(strings.Replace(string(b), `"until":"2027-01-01"}`, "\"until\" : \"2027\\u002d01-01\"\n},\"hdr\":{\"v\":1.0,\"t\":\"uto.eta\",\"is\":\"UTO\"}", 1))
	x, err := vds.ParseNC(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := vds.ParseNC(b)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(x.SignedBytes, y.SignedBytes) {
		t.Errorf("%s\n%s", x.SignedBytes, y.SignedBytes)
	}
}

// What a seal says of somebody's health does not come out.
func TestHealth(t *testing.T) {
	t.Parallel()
	n, err := vds.ParseNC(encodeNC(t, `{"hdr":{"t":"icao.vacc","v":1,"is":"UTO"},"msg":{"uvci":"U32870","pid":{"n":"SAMPLE LAYLA","i":"P2233445"},"ve":[{"des":"XM68M6","nam":"A vaccine"}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]vds.Field{{"pid.i", "P2233445"}, {"pid.n", "SAMPLE LAYLA"}}, n.Fields()); diff != "" {
		t.Error(diff)
	}
}

func TestBrokenNC(t *testing.T) {
	t.Parallel()
	good := string(encodeNC(t, data))
	change := func(old, to string) string {
		if !strings.Contains(good, old) {
			t.Fatal("the sample has no", old)
		}
		return strings.Replace(good, old, to, 1)
	}
	sig := base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{7}, 64))
	for _, c := range []struct{ name, in, rule, pointer string }{
		{"nothing", ``, "json", ""},
		{"cut", good[:len(good)-4], "json", ""},
		{"a list", `[]`, "not_seal", ""},
		{"no data", `{"sig":{}}`, "missing", "/data"},
		{"no signature", `{"data":{"hdr":{"t":"a","v":1,"is":"UTO"},"msg":{}}}`, "missing", "/sig"},
		{"no header", change(`"hdr"`, `"hdx"`), "missing", "/data/hdr"},
		{"no message", change(`"msg"`, `"msx"`), "missing", "/data/msg"},
		{"a message that is none", change(`"msg":{`, `"msg":1,"x":{`), "type", "/data/msg"},
		{"a number for a state", change(`"is":"UTO"`, `"is":7`), "type", "/data/hdr/is"},
		{"a version that is none", change(`"v":1`, `"v":-1`), "version", "/data/hdr/v"},
		{"no algorithm at all", change(`ES256`, `none`), "algorithm", "/sig/alg"},
		{"a symmetric algorithm", change(`ES256`, `HS256`), "algorithm", "/sig/alg"},
		{"no base64", change(sig, `!!!`), "signature", "/sig/sigvl"},
		{"half a signature", change(sig, sig[:4]), "signature", "/sig/sigvl"},
		{"an empty signature", change(sig, ``), "signature", "/sig/sigvl"},
		{"a name twice", change(`"entries":2`, `"entries":2,"entries":9`), "duplicate-key", "/data/msg/entries"},
		{"half a character", change(`SAMPLE LAYLA`, `\ud800`), "surrogate", "/data/msg/pid/n"},
		{"nested deep", change(`"entries":2`, `"entries":`+strings.Repeat("[", 100)+strings.Repeat("]", 100)), "depth", ""},
		{"too long", `{"data":"` + strings.Repeat("a", vds.Most) + `"}`, "too_long", ""},
	} {
		_, err := vds.ParseNC([]byte(c.in))
		var f *fault.Fault
		if !errors.As(err, &f) || f.Rule != c.rule || c.pointer != "" && f.Pointer != c.pointer || f.Message == "" {
			t.Errorf("%s: %+v, want %s at %s", c.name, err, c.rule, c.pointer)
		}
	}
}

func TestRecognise(t *testing.T) {
	t.Parallel()
	seal, nc := encode(t, sample(), 64), encodeNC(t, data)
	for name, c := range map[string]struct {
		in   []byte
		kind vds.Kind
		raw  []byte
	}{
		"as it is":          {seal, vds.Binary, seal},
		"hexadecimal":       {[]byte(hex.EncodeToString(seal)), vds.Binary, seal},
		"capitals, in rows": {[]byte(strings.ToUpper(hex.EncodeToString(seal[:40])) + "\n" + hex.EncodeToString(seal[40:]) + "\n"), vds.Binary, seal},
		"base64":            {[]byte(base64.StdEncoding.EncodeToString(seal) + "\n"), vds.Binary, seal},
		"base64url":         {[]byte(base64.RawURLEncoding.EncodeToString(seal)), vds.Binary, seal},
		"JSON":              {append([]byte("\ufeff "), nc...), vds.JSON, nc},
		"JSON in base64":    {[]byte(base64.StdEncoding.EncodeToString(nc)), vds.JSON, nc},
		"a zone":            {[]byte(visa[0] + "\n" + visa[1]), vds.None, nil},
		"a boarding pass":   {[]byte("M1SAMPLE/LAYLA        EABC123 BAHLHRZZ 0431"), vds.None, nil},
		"nothing":           {nil, vds.None, nil},
		"blanks":            {[]byte(" \n"), vds.None, nil},
		"long":              {[]byte(strings.Repeat("3", 1<<20)), vds.None, nil},
	} {
		kind, raw := vds.Recognise(c.in)
		if kind != c.kind || !bytes.Equal(raw, c.raw) {
			t.Errorf("%s: %s, %d bytes", name, kind, len(raw))
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(encode(f, sample(), 64))
	three := sample()
	three.Version, three.Reference = 3, "0001B"
	f.Add(encode(f, three, 132))
	f.Add(encodeNC(f, data))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s, err := vds.Parse(raw); err == nil {
			if again, err := vds.Parse(encode(t, s, len(s.Signature))); err != nil || !cmp.Equal(again.Fields(), s.Fields()) {
				t.Fatalf("what was read is not read again: %v", err)
			}
		}
		if n, err := vds.ParseNC(raw); err == nil {
			_, _ = n.Fields(), n.Person()
		}
		_, _ = vds.Recognise(raw)
	})
}
