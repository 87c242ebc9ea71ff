package cms_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/ber"
	"github.com/rihla/rihla/formats/cms"
	"github.com/rihla/rihla/formats/fault"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "openssl", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func certificate(t testing.TB, name string) *cms.Certificate {
	t.Helper()
	c, err := cms.ParseCertificate(read(t, name))
	if err != nil {
		t.Fatal(name, err)
	}
	return c
}

// Every kind of key that authorities use is read, and its own signature is right, or cannot be judged; and no
// signature is right over bytes that differ by one.
func TestKinds(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		key    string
		result cms.Result
	}{
		"brainpoolP224r1":    {"EC brainpoolP224r1", cms.Result{Outcome: cms.Good, Algorithm: "ECDSA brainpoolP224r1 with SHA-224"}},
		"brainpoolP256r1":    {"EC brainpoolP256r1", cms.Result{Outcome: cms.Good, Algorithm: "ECDSA brainpoolP256r1 with SHA-256"}},
		"brainpoolP320r1":    {"EC brainpoolP320r1", cms.Result{Outcome: cms.Good, Algorithm: "ECDSA brainpoolP320r1 with SHA-384"}},
		"brainpoolP384r1":    {"EC brainpoolP384r1", cms.Result{Outcome: cms.Good, Algorithm: "ECDSA brainpoolP384r1 with SHA-384"}},
		"brainpoolP512r1":    {"EC brainpoolP512r1", cms.Result{Outcome: cms.Good, Algorithm: "ECDSA brainpoolP512r1 with SHA-512"}},
		"brainpool-explicit": {"EC brainpoolP256r1", cms.Result{Outcome: cms.Good, Algorithm: "ECDSA brainpoolP256r1 with SHA-256"}},
		"p256-explicit":      {"EC P-256", cms.Result{Outcome: cms.Good, Algorithm: "ECDSA P-256 with SHA-256"}},
		"p384":               {"EC P-384", cms.Result{Outcome: cms.Good, Algorithm: "ECDSA P-384 with SHA-384"}},
		"p521":               {"EC P-521", cms.Result{Outcome: cms.Good, Algorithm: "ECDSA P-521 with SHA-512"}},
		"rsa-sha1":           {"RSA 2048", cms.Result{Outcome: cms.Good, Algorithm: "RSA 2048 with SHA-1", Weak: true}},
		"rsa-1024":           {"RSA 1024", cms.Result{Outcome: cms.Good, Algorithm: "RSA 1024 with SHA-256", Weak: true}},
		"rsa-pss":            {"RSA 2048", cms.Result{Outcome: cms.Good, Algorithm: "RSA-PSS 2048 with SHA-256"}},
		"rsa-pss-key":        {"RSA 2048", cms.Result{Outcome: cms.Good, Algorithm: "RSA-PSS 2048 with SHA-256"}},
		"secp256k1":          {"EC, a curve not known", cms.Result{Code: cms.CodeCurve}},
		"secp256k1-explicit": {"EC, a curve not known", cms.Result{Code: cms.CodeCurve}},
		"ed25519":            {"1.3.101.112", cms.Result{Code: cms.CodeAlgorithm, Algorithm: "1.3.101.112"}},
	} {
		c := certificate(t, name+".cer")
		if diff := cmp.Diff(want.result, c.Check(c)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if got := c.Key.String(); got != want.key {
			t.Errorf("%s: its key is %s, want %s", name, got, want.key)
		}
		if c.Subject.Country != "UT" || !c.SelfIssued() || !c.IssuedBy(c) || !c.Authority || len(c.KeyID) != 20 || !strings.HasPrefix(c.Subject.String(), "C=UT, O=Utopia, CN=CSCA ") {
			t.Errorf("%s: %+v", name, c)
		}
		changed := bytes.Clone(c.Signed)
		changed[len(changed)-1] ^= 1
		if r := c.Key.Verify(c.Algorithm, changed, c.Signature); r.Outcome == cms.Good || (want.result.Outcome == cms.Good) != (r.Code == cms.CodeSignature) {
			t.Errorf("%s: over other bytes: %+v", name, r)
		}
	}
	if got := certificate(t, "p384.cer").SerialHex(); got != "FB" { // -5, which crypto/x509 refuses
		t.Error(got)
	}
}

// Signatures that are none, or none in this group, are bad and no panic.
func TestNoSignatures(t *testing.T) {
	t.Parallel()
	c := certificate(t, "brainpoolP256r1.cer")
	n, _ := new(big.Int).SetString("a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7", 16)
	two := func(r, s *big.Int) []byte { return ber.Of(ber.Sequence, ber.Big(r), ber.Big(s)) }
	one := big.NewInt(1)
	for name, s := range map[string][]byte{
		"empty": nil, "no sequence": {0x02, 1, 1}, "zero r": two(new(big.Int), one), "zero s": two(one, new(big.Int)),
		"r is n": two(n, one), "s is n": two(one, n), "one and one": two(one, one), "negative": ber.Of(ber.Sequence, []byte{2, 1, 0x80}, []byte{2, 1, 1}),
		"more after it": append(two(one, one), 0), "huge": two(new(big.Int).Lsh(one, 1<<16), one),
	} {
		if r := c.Key.Verify(c.Algorithm, c.Signed, s); r.Outcome != cms.Bad {
			t.Errorf("%s: %+v", name, r)
		}
	}
	for name, s := range map[string][]byte{"odd": make([]byte, 63), "empty": nil, "zeros": make([]byte, 64)} {
		if r := c.Key.VerifyPlain(crypto.SHA256, c.Signed, s); r.Outcome != cms.Bad {
			t.Errorf("plain %s: %+v", name, r)
		}
	}
	if r := certificateOf(t, "rsa-pss.cer").VerifyPlain(crypto.SHA256, nil, make([]byte, 64)); r.Outcome != cms.Unsupported {
		t.Errorf("%+v", r)
	}
}

func certificateOf(t testing.TB, name string) *cms.PublicKey { return &certificate(t, name).Key }

func TestRevocations(t *testing.T) {
	t.Parallel()
	ca := certificate(t, "brainpoolP256r1.cer")
	l, err := cms.ParseRevocations(read(t, "brainpoolP256r1.crl"))
	if err != nil {
		t.Fatal(err)
	}
	if r := l.Check(ca); r.Outcome != cms.Good || !l.IssuedBy(ca) || l.IssuedBy(certificate(t, "p521.cer")) {
		t.Errorf("%+v", r)
	}
	at, revoked := l.Revoked([]byte{0x00, 0x1F, 0x2E})
	if !revoked || at != time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) || l.Len() != 1 || l.NumberHex() != "A" || l.Next.Sub(l.At) != 90*24*time.Hour {
		t.Errorf("%v %s %+v", revoked, at, l)
	}
	if _, revoked := l.Revoked([]byte{1}); revoked {
		t.Error("one that is not on the list")
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"message.cms", "message-ber.cms", "message-bare.cms"} {
		d, err := cms.ParseSignedData(read(t, name))
		if err != nil {
			t.Fatal(name, err)
		}
		if string(d.Content) != "an invented message" || len(d.Signers) != 1 || len(d.Certificates) != 1 || d.Type != "1.2.840.113549.1.7.1" {
			t.Fatalf("%s: %+v", name, d)
		}
		s := &d.Signers[0]
		c := d.By(s)
		if c == nil {
			t.Fatal(name, "its signer is not there")
		}
		if r := d.Check(s, &c.Key); r.Outcome != cms.Good {
			t.Errorf("%s: %+v", name, r)
		}
		d.Content[0] ^= 1
		if r := d.Check(s, &c.Key); r.Outcome != cms.Bad {
			t.Errorf("%s: other content: %+v", name, r)
		}
	}
}

// state is one for a test, with keys of its own.
func state(t testing.TB, key crypto.Signer) *cms.Certificate {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{Country: []string{"UT"}, CommonName: "Signer"},
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC), SubjectKeyId: []byte{1, 2, 3}}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := cms.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What is signed is read back as it was, with either kind of key and in all forms; and a signature of one kind is none
// of another.
func TestSign(t *testing.T) {
	t.Parallel()
	curve, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	modulus, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC)
	for _, m := range []cms.Message{
		{Hash: crypto.SHA1}, {Hash: crypto.SHA224}, {Hash: crypto.SHA256, SignedAt: at}, {Hash: crypto.SHA384, ByKey: true}, {Hash: crypto.SHA512, Bare: true}, {Hash: crypto.SHA256, PSS: true, SignedAt: at},
	} {
		for _, key := range []crypto.Signer{curve, modulus} {
			m.Type, m.Content, m.Certificate = "2.23.136.1.1.1", []byte("content"), state(t, key)
			raw, err := cms.Sign(m, key)
			if err != nil {
				t.Fatal(err)
			}
			d, err := cms.ParseSignedData(raw)
			if err != nil {
				t.Fatal(err)
			}
			s := &d.Signers[0]
			if c := d.By(s); c == nil || !bytes.Equal(c.Raw, m.Certificate.Raw) || s.SignedAt != m.SignedAt {
				t.Errorf("%+v: %+v", m, s)
				continue
			}
			if r := d.Check(s, &m.Certificate.Key); r.Outcome != cms.Good || r.Weak != (m.Hash == crypto.SHA1) {
				t.Errorf("%v: %+v", m.Hash, r)
			}
			other := certificateOf(t, "p521.cer")
			if key == crypto.Signer(modulus) {
				other = certificateOf(t, "rsa-pss.cer")
			}
			if r := d.Check(s, other); r.Outcome != cms.Bad {
				t.Errorf("another's key: %+v", r)
			}
			d.Signers[0].Signature[9] ^= 1
			if r := d.Check(s, &m.Certificate.Key); r.Outcome != cms.Bad {
				t.Errorf("another signature: %+v", r)
			}
		}
	}
	if _, err := cms.Sign(cms.Message{Hash: crypto.MD5}, curve); err == nil {
		t.Error("MD5")
	}
}

// What is cut anywhere is refused, with its place; no prefix of anything is a panic.
func TestCut(t *testing.T) {
	t.Parallel()
	var f *fault.Fault
	for _, name := range []string{"brainpool-explicit.cer", "rsa-pss-key.cer", "brainpoolP256r1.crl", "message-ber.cms", "message.cms"} {
		raw := read(t, name)
		for n := range raw {
			_, a := cms.ParseCertificate(raw[:n])
			_, b := cms.ParseRevocations(raw[:n])
			_, c := cms.ParseSignedData(raw[:n])
			for _, err := range []error{a, b, c} {
				if !errors.As(err, &f) || f.Rule == "" || f.Offset > n {
					t.Fatalf("%s cut at %d: %v", name, n, err)
				}
			}
		}
	}
	_, err := cms.ParseSignedData(read(t, "p521.cer"))
	if !errors.As(err, &f) {
		t.Error("a certificate is a message", err)
	}
}

// Names are compared as RFC 5280 says, and written so that nobody is fooled by them.
func TestNames(t *testing.T) {
	t.Parallel()
	name := func(country, common string, tag uint32) *cms.Certificate {
		set := func(oid string, tag uint32, s string) []byte {
			return ber.Of(ber.Set, ber.Of(ber.Sequence, ber.Identifier(oid), ber.Of(tag, []byte(s))))
		}
		n := ber.Of(ber.Sequence, set("2.5.4.6", 0x13, country), set("2.5.4.3", tag, common))
		template := certificate(t, "p521.cer")
		body := ber.Of(ber.Sequence, ber.Int(1), ber.Of(ber.Sequence, ber.Identifier("1.2.840.10045.4.3.4")), n,
			ber.Of(ber.Sequence, ber.Instant(template.From), ber.Instant(template.Until)), n, template.Key.Raw)
		c, err := cms.ParseCertificate(ber.Of(ber.Sequence, body, ber.Of(ber.Sequence, ber.Identifier("1.2.840.10045.4.3.4")), ber.Of(ber.BitString, []byte{0, 1})))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	a, b := name("ut", "Country  Signer", 0x0C), name("UT", "country signer ", 0x13)
	if !a.Subject.Equal(&b.Subject) || a.Subject.Country != "UT" || a.Subject.Key() != b.Subject.Key() {
		t.Errorf("%s and %s", a.Subject.String(), b.Subject.String())
	}
	if c := name("UT", "Country Signer 2", 0x0C); a.Subject.Equal(&c.Subject) {
		t.Error("two names are one")
	}
	if got := name("UT", "a\u202eb\x1b[2J", 0x0C).Subject.String(); got != "C=UT, CN=a\ufffdb\ufffd[2J" {
		t.Errorf("%q", got)
	}
	if got := name("UT", "\x00A\x06\x27", 0x1E).Subject.Common; got != "Aا" {
		t.Errorf("%q", got)
	}
	if got := name("UT", "caf\xe9", 0x14).Subject.Common; got != "café" {
		t.Errorf("%q", got)
	}
}

func TestPEM(t *testing.T) {
	t.Parallel()
	raw := read(t, "p521.cer")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
	for _, in := range [][]byte{raw, text, append([]byte("a note before\n"), text...)} {
		blocks := cms.DER(in)
		if len(blocks) != 1 || !bytes.Equal(blocks[0].Bytes, raw) {
			t.Errorf("%.20q: %d blocks", in, len(blocks))
		}
	}
	if n := len(cms.DER(append(text, text...))); n != 2 {
		t.Error(n)
	}
}

func FuzzParse(f *testing.F) {
	entries, err := os.ReadDir(filepath.Join("testdata", "openssl"))
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		f.Add(read(f, e.Name()))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if c, err := cms.ParseCertificate(raw); err == nil {
			_, _, _ = c.Check(c), c.Subject.String(), c.ID()
			if again, err := cms.ParseCertificate(c.Raw); err != nil || again.ID() != c.ID() {
				t.Fatal("not the same again", err)
			}
		}
		if l, err := cms.ParseRevocations(raw); err == nil {
			_, _ = l.NumberHex(), l.Len()
		}
		if d, err := cms.ParseSignedData(raw); err == nil {
			for i := range d.Signers {
				if c := d.By(&d.Signers[i]); c != nil {
					_ = d.Check(&d.Signers[i], &c.Key)
				}
			}
		}
	})
}
