package lds_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"maps"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/ber"
	"github.com/rihla/rihla/formats/cms"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/lds"
)

// signer is a document signer for a test. Whether it is to be trusted is not this package's question.
var signer = sync.OnceValues(func() (*cms.Certificate, *ecdsa.PrivateKey) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	t := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{Country: []string{"UT"}, CommonName: "DSC"}, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0)}
	raw, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		panic(err)
	}
	c, err := cms.ParseCertificate(raw)
	if err != nil {
		panic(err)
	}
	return c, key
})

func sign(t testing.TB, kind string, content []byte) []byte {
	t.Helper()
	c, key := signer()
	raw, err := cms.Sign(cms.Message{Type: kind, Content: content, Certificate: c, Hash: crypto.SHA256}, key)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

var zone = []string{"P<UTOSPECIMEN<<LAYLA<MARIA<<<<<<<<<<<<<<<<<<", "L898902C36UTO9104024F3111247<<<<<<<<<<<<<<00"}

func files() map[int][]byte {
	return map[int][]byte{1: lds.DG1(zone), 2: lds.Wrap(2, ber.Of(0x7F61, ber.Int(2))), 14: lds.Wrap(14, []byte("14"))}
}

func TestObject(t *testing.T) {
	t.Parallel()
	for _, version := range []int{0, 1} {
		for _, h := range []crypto.Hash{crypto.SHA1, crypto.SHA224, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
			raw := lds.SOD(sign(t, lds.OIDSecurityObject, lds.SecurityObject(version, h, files())))
			o, err := lds.ParseSOD(raw)
			if err != nil {
				t.Fatal(err)
			}
			if o.Version != version || (o.LDS == "0108") != (version == 1) || !slices.Equal(o.Numbers(), []int{1, 2, 14}) || len(o.Hashes[1]) != h.Size() || len(o.Signed.Signers) != 1 {
				t.Errorf("%v: %+v", h, o)
			}
			got := map[int]lds.Match{}
			for n, file := range map[int][]byte{1: files()[1], 2: append(files()[2], 0, 0), 14: lds.Wrap(14, []byte("15")), 15: lds.Wrap(15, nil)} {
				got[n] = o.Compare(n, file)
			}
			if diff := cmp.Diff(map[int]lds.Match{1: lds.Equal, 2: lds.Equal, 14: lds.Differs, 15: lds.NotListed}, got); diff != "" {
				t.Error(diff)
			}
			if o.Compare(2, nil) != lds.NotRead {
				t.Error("what was not read")
			}
		}
	}
}

// What is no security object is refused, and it is said why.
func TestBrokenObjects(t *testing.T) {
	t.Parallel()
	hash := func(n int) []byte { return ber.Of(ber.Sequence, ber.Int(n), ber.Of(ber.OctetString, []byte{1})) }
	object := func(hashes ...[]byte) []byte {
		return lds.SOD(sign(t, lds.OIDSecurityObject, ber.Of(ber.Sequence, ber.Int(0), ber.Of(ber.Sequence, ber.Identifier("2.16.840.1.101.3.4.2.1")), ber.Of(ber.Sequence, hashes...))))
	}
	for _, c := range []struct {
		name string
		raw  []byte
		rule string
	}{
		{"nothing", nil, "truncated"},
		{"another file", lds.DG1(zone), "not_EF.SOD"},
		{"an empty one", lds.SOD(nil), "truncated"},
		{"a message of another type", lds.SOD(sign(t, lds.OIDMasterList, nil)), "not_security_object"},
		{"no content", lds.SOD(sign(t, lds.OIDSecurityObject, nil)), "missing"},
		{"group 0", object(hash(0)), "group"},
		{"group 17", object(hash(17)), "group"},
		{"a group twice", object(hash(1), hash(1)), "group"},
		{"a hash that is none", object(ber.Of(ber.Sequence, ber.Int(1), ber.Int(1))), "tag"},
		{"no signed data", lds.SOD(ber.Of(ber.Sequence, ber.Identifier("1.2.840.113549.1.7.1"))), "not_signed_data"},
	} {
		_, err := lds.ParseSOD(c.raw)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Rule != c.rule || f.Message == "" {
			t.Errorf("%s: %v, want %s", c.name, err, c.rule)
		}
	}
	o, err := lds.ParseSOD(object(hash(1)))
	if err != nil {
		t.Fatal(err)
	}
	if o.Hash = "1.2.3"; o.Compare(1, files()[1]) != lds.Unsupported {
		t.Error("by a hash nobody knows")
	}
}

func TestCommon(t *testing.T) {
	t.Parallel()
	want := lds.Common{Version: "0107", Unicode: "040000", Groups: []int{1, 2, 3, 14, 15, 16}}
	got, err := lds.ParseCOM(want.File())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for name, raw := range map[string][]byte{"another file": lds.DG1(zone), "a group nobody has": ber.Of(0x60, ber.Of(0x5F01), ber.Of(0x5F36), ber.Of(0x5C, []byte{0x99})), "no list": ber.Of(0x60, ber.Of(0x5F01), ber.Of(0x5F36))} {
		if _, err := lds.ParseCOM(raw); err == nil {
			t.Error(name)
		}
	}
}

func TestZone(t *testing.T) {
	t.Parallel()
	for _, lines := range [][]string{zone, {strings.Repeat("A", 36), strings.Repeat("1", 36)}, {strings.Repeat("A", 30), strings.Repeat("1", 30), strings.Repeat("<", 30)}} {
		if got, err := lds.ParseDG1(lds.DG1(lines)); err != nil || got != strings.Join(lines, "\n") {
			t.Errorf("%v %q", err, got)
		}
	}
	for name, raw := range map[string][]byte{"short": lds.DG1([]string{"A"}), "letters of no zone": lds.DG1([]string{strings.Repeat("a", 88)}), "another group": files()[2], "empty": lds.Wrap(1, nil)} {
		if _, err := lds.ParseDG1(raw); err == nil {
			t.Error(name)
		}
	}
	if n, err := lds.Faces(files()[2]); n != 2 || err != nil {
		t.Error(n, err)
	}
	if _, err := lds.Faces(lds.Wrap(2, nil)); err == nil {
		t.Error("faces in nothing")
	}
}

func TestKind(t *testing.T) {
	t.Parallel()
	for n := 1; n <= lds.Groups; n++ {
		if got, want := lds.Kind(lds.Wrap(n, []byte("\x00x"))), map[bool]string{true: "DG1"}[n == 1]; want != "" && got != want || !strings.HasPrefix(got, "DG") {
			t.Error(n, got)
		}
	}
	c := lds.Common{}
	for want, raw := range map[string][]byte{"COM": c.File(), "SOD": lds.SOD([]byte{0}), "": {0x30, 0}} {
		if got := lds.Kind(raw); got != want {
			t.Error(got, want)
		}
	}
	if lds.Wrap(0, nil) != nil || lds.Wrap(17, nil) != nil {
		t.Error("a group that is none")
	}
}

func TestMasterList(t *testing.T) {
	t.Parallel()
	c, _ := signer()
	l, err := lds.ParseMasterList(sign(t, lds.OIDMasterList, lds.MasterListOf([]*cms.Certificate{c, c})))
	if err != nil || len(l.Certificates) != 2 || l.Certificates[1].ID() != c.ID() || len(l.Unread) > 0 {
		t.Errorf("%v %+v", err, l)
	}
	content := ber.Of(ber.Sequence, ber.Int(0), ber.Of(ber.Set, c.Raw, ber.Of(ber.Sequence, ber.Int(1)), c.Raw))
	l, err = lds.ParseMasterList(sign(t, lds.OIDMasterList, content))
	if err != nil || len(l.Certificates) != 2 || len(l.Unread) != 1 {
		t.Errorf("%v %+v", err, l)
	}
	for name, raw := range map[string][]byte{
		"a security object": sign(t, lds.OIDSecurityObject, nil), "no list": sign(t, lds.OIDMasterList, ber.Int(1)), "more after it": sign(t, lds.OIDMasterList, ber.Of(ber.Sequence, ber.Int(0), ber.Of(ber.Set), ber.Int(1))),
	} {
		if _, err := lds.ParseMasterList(raw); err == nil {
			t.Error(name)
		}
	}
}

// Whatever groups there are, each is equal to what was signed and none to another's.
func TestEachIsItsOwn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := map[int][]byte{}
		for n := range rapid.MapOfN(rapid.IntRange(1, 16), rapid.Bool(), 1, 6).Draw(t, "groups") {
			all[n] = lds.Wrap(n, rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "content"))
		}
		c, key := signer()
		message, err := cms.Sign(cms.Message{Type: lds.OIDSecurityObject, Content: lds.SecurityObject(0, crypto.SHA256, all), Certificate: c, Hash: crypto.SHA256}, key)
		if err != nil {
			t.Fatal(err)
		}
		o, err := lds.ParseSOD(lds.SOD(message))
		if err != nil {
			t.Fatal(err)
		}
		for n, file := range all {
			for m := range maps.Keys(all) {
				if got := o.Compare(m, file); (got == lds.Equal) != (n == m) {
					t.Fatalf("DG%d as DG%d: %s", n, m, got)
				}
			}
			changed := bytes.Clone(file)
			changed[len(changed)-1] ^= 1
			if o.Compare(n, changed) == lds.Equal {
				t.Fatal("a change is not seen")
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	c := lds.Common{Version: "0107", Unicode: "040000", Groups: []int{1, 2}}
	f.Add(c.File())
	f.Add(lds.DG1(zone))
	f.Add(files()[2])
	f.Add(lds.SOD(sign(f, lds.OIDSecurityObject, lds.SecurityObject(1, crypto.SHA256, files()))))
	certificate, _ := signer()
	f.Add(sign(f, lds.OIDMasterList, lds.MasterListOf([]*cms.Certificate{certificate})))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if o, err := lds.ParseSOD(raw); err == nil {
			for _, n := range o.Numbers() {
				_ = o.Compare(n, raw)
			}
		}
		if c, err := lds.ParseCOM(raw); err == nil {
			if again, err := lds.ParseCOM(c.File()); err != nil || !cmp.Equal(again, c) {
				t.Fatalf("%v %+v %+v", err, c, again)
			}
		}
		if text, err := lds.ParseDG1(raw); err == nil && lds.Kind(lds.DG1(strings.Split(text, "\n"))) != "DG1" {
			t.Fatal(text)
		}
		_, _ = lds.Faces(raw)
		_, _ = lds.ParseMasterList(raw)
		_ = lds.Kind(raw)
	})
}
