package trust_test

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"maps"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/ber"
	"github.com/rihla/rihla/formats/cms"
	"github.com/rihla/rihla/formats/lds"
	"github.com/rihla/rihla/formats/vds"
	"github.com/rihla/rihla/internal/facilitation/trust"
	"github.com/rihla/rihla/internal/facilitation/trust/specimen"
)

var day = specimen.Day.Add(10 * time.Hour)

// must ends a test that cannot be set up.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

var utopia = sync.OnceValue(func() *specimen.State { return must(specimen.New("test", "UTO", "UT", specimen.Day)) })

// impostor is a state of the same name whose keys nobody trusts; neighbour is another that is trusted.
var (
	impostor  = sync.OnceValue(func() *specimen.State { return must(specimen.New("forged", "UTO", "UT", specimen.Day)) })
	neighbour = sync.OnceValue(func() *specimen.State { return must(specimen.New("test", "BHR", "BH", specimen.Day)) })
)

func files(states ...*specimen.State) map[string][]byte {
	out := map[string][]byte{}
	for _, s := range states {
		for _, f := range must(s.Trust()) {
			out[s.Country+"/"+f.Path] = f.Data
		}
	}
	return out
}

var trusted = sync.OnceValue(func() *trust.List {
	l, out := trust.Load(files(utopia(), neighbour()), day)
	if len(out.Refused) > 0 {
		panic(out.Refused[0].Message)
	}
	return l
})

func codes(v *trust.Verification) (out []string) {
	for i := range v.Remarks {
		out = append(out, string(v.Remarks[i].Severity)+" "+v.Remarks[i].Code)
	}
	return out
}

func zone() string { z := utopia().Holder(); return strings.Join(z.Lines(), "\n") }

func yes() *bool { b := true; return &b }
func no() *bool  { b := false; return &b }

// A whole passport, its zone, its visa and its permit are what they say.
func TestAuthentic(t *testing.T) {
	t.Parallel()
	s := utopia()
	chip := must(s.Passport())
	v := trust.Verify(trusted(), trust.Evidence{MRZ: zone(), Chip: chip}, day)
	if v.Verdict != trust.Authentic || !v.PassiveOK() || len(v.Remarks) > 0 {
		t.Fatalf("%s %v", v.Verdict, codes(&v))
	}
	want := &trust.ChipResult{HashOK: yes(), Faces: 1, Groups: []trust.Group{{1, lds.Equal}, {2, lds.Equal}, {14, lds.Equal}, {15, lds.Equal}},
		Answers: trust.Answers{SignatureOK: yes(), ChainOK: yes(), Revoked: no(), Expired: no(), Country: "UT", Signer: "C=UT, O=Specimen, CN=DSC UTO 1", Serial: "1001",
			Authority: "C=UT, O=Specimen, CN=CSCA UTO 1", Algorithm: "ECDSA P-256 with SHA-256", SignedAt: specimen.Day.AddDate(0, -6, 0)}}
	if diff := cmp.Diff(want, v.Chip); diff != "" {
		t.Error(diff)
	}
	if d := v.Document; d == nil || d.From != "chip" || d.Number != "L898902C3" || d.Surname != "SPECIMEN" || d.Issuer != "UTO" {
		t.Errorf("%+v", d)
	}
	for name, seal := range map[string][]byte{"visa": must(s.VisaSeal()), "permit": must(s.PermitSeal())} {
		v := trust.Verify(trusted(), trust.Evidence{MRZ: zone(), Chip: chip, Seal: seal}, day)
		if v.Verdict != trust.Authentic || v.Seal == nil || len(v.Remarks) > 0 || !*v.Seal.SignatureOK || !*v.Seal.ChainOK || *v.Seal.Revoked || *v.Seal.Expired {
			t.Errorf("%s: %s %v %+v", name, v.Verdict, codes(&v), v.Seal)
		}
	}
	v = trust.Verify(trusted(), trust.Evidence{MRZ: zone()}, day)
	if v.Verdict != trust.Consistent || v.PassiveOK() || !v.MRZ.OK {
		t.Errorf("the zone alone: %s", v.Verdict)
	}
	if v := trust.Verify(nil, trust.Evidence{Chip: chip}, day); v.Verdict != trust.CannotCheck || v.PassiveOK() || v.Chip.ChainOK != nil || !*v.Chip.SignatureOK {
		t.Errorf("trusting nobody: %s %v", v.Verdict, codes(&v))
	}
}

// forge is a chip with one thing wrong.
type forge struct {
	name    string
	chip    func(s *specimen.State) *trust.Chip
	verdict trust.Verdict
	codes   []string
	answers [5]string // hash, signature, chain, revoked, expired: y, n, - for no answer
}

// sign signs the holder's groups in another way.
func sign(how specimen.Signing) func(*specimen.State) *trust.Chip {
	return func(s *specimen.State) *trust.Chip {
		z := s.Holder()
		return must(s.Chip(s.Groups(&z), how))
	}
}

// signer signs with a certificate of another making.
func signer(w specimen.Wanted) func(*specimen.State) *trust.Chip {
	return func(s *specimen.State) *trust.Chip {
		if w.Common == "" {
			w.Common = "DSC UTO 9"
		}
		if w.From.IsZero() {
			w.From, w.Until = specimen.Day.AddDate(-1, 0, 0), specimen.Day.AddDate(9, 0, 0)
		}
		by := must(s.Make(w))
		return sign(specimen.Signing{By: &by, At: specimen.Day.AddDate(0, -6, 0)})(s)
	}
}

// change takes a right chip and changes it.
func change(edit func(c *trust.Chip)) func(*specimen.State) *trust.Chip {
	return func(s *specimen.State) *trust.Chip {
		c := must(s.Passport())
		c.SOD = bytes.Clone(c.SOD)
		c.Groups = maps.Clone(c.Groups)
		edit(c)
		return c
	}
}

func flip(b []byte, at int) []byte {
	c := bytes.Clone(b)
	c[at] ^= 1
	return c
}

func end(b []byte) int { return len(b) - 1 }

// Of every chip with one thing wrong exactly that is told, and each question is answered by itself.
func TestForgeries(t *testing.T) {
	t.Parallel()
	for _, f := range []forge{
		{"another zone", change(func(c *trust.Chip) {
			z := utopia().Holder()
			z.Surname = "OTHER"
			c.Groups[1] = lds.DG1(z.Lines())
		}), trust.NotAuthentic, []string{"bad group_differs", "bad mrz_differs"}, [5]string{"n", "y", "y", "n", "n"}},
		{"another face", change(func(c *trust.Chip) { c.Groups[2] = flip(c.Groups[2], end(c.Groups[2])) }), trust.NotAuthentic, []string{"bad group_differs"}, [5]string{"n", "y", "y", "n", "n"}},
		{"a group nobody signed", change(func(c *trust.Chip) { c.Groups[11] = lds.Wrap(11, []byte("x")) }), trust.NotAuthentic, []string{"bad group_not_signed"}, [5]string{"n", "y", "y", "n", "n"}},
		{"blocks filled up", change(func(c *trust.Chip) { c.Groups[1] = append(c.Groups[1], 0, 0, 0) }), trust.Authentic, nil, [5]string{"y", "y", "y", "n", "n"}},
		{"no face read", change(func(c *trust.Chip) { delete(c.Groups, 2) }), trust.Authentic, nil, [5]string{"y", "y", "y", "n", "n"}},
		{"no zone read", change(func(c *trust.Chip) { delete(c.Groups, 1) }), trust.CannotCheck, []string{"cannot group_not_read"}, [5]string{"y", "y", "y", "n", "n"}},
		{"nothing read", change(func(c *trust.Chip) { clear(c.Groups) }), trust.CannotCheck, []string{"cannot group_not_read"}, [5]string{"-", "y", "y", "n", "n"}},
		{"a signature changed", change(func(c *trust.Chip) { c.SOD = flip(c.SOD, end(c.SOD)) }), trust.NotAuthentic, []string{"bad signature_wrong"}, [5]string{"y", "n", "y", "n", "n"}},
		{"another's key", sign(specimen.Signing{Key: impostor().Document.Key}), trust.NotAuthentic, []string{"bad signature_wrong"}, [5]string{"y", "n", "y", "n", "n"}},
		{"another certificate put with it", sign(specimen.Signing{Named: neighbour().Document.Certificate}), trust.NotAuthentic, []string{"bad signature_wrong", "bad state_differs"}, [5]string{"y", "n", "y", "n", "n"}},
		{"an impostor's state", func(*specimen.State) *trust.Chip { return must(impostor().Passport()) }, trust.CannotCheck, []string{"cannot authority_unknown"}, [5]string{"y", "y", "-", "-", "n"}},
		{"a neighbour's signer", func(*specimen.State) *trust.Chip {
			z := utopia().Holder()
			return must(neighbour().Chip(utopia().Groups(&z), specimen.Signing{}))
		}, trust.NotAuthentic, []string{"bad state_differs"}, [5]string{"y", "y", "y", "n", "n"}},
		{"a signer that a neighbour made in Utopia's name", func(s *specimen.State) *trust.Chip {
			return signer(specimen.Wanted{Serial: 9, By: &neighbour().Authority})(s)
		}, trust.NotAuthentic, []string{"bad state_differs"}, [5]string{"y", "y", "y", "n", "n"}},
		{"a signer of no authority's, under its name", signer(specimen.Wanted{Serial: 9, By: &specimen.Signer{Certificate: utopia().Authority.Certificate, Key: impostor().Authority.Key}}), trust.NotAuthentic,
			[]string{"bad issuer_signature_wrong"}, [5]string{"y", "y", "n", "-", "n"}},
		{"a signer that another signer made", func(s *specimen.State) *trust.Chip {
			return signer(specimen.Wanted{Serial: 9, By: &s.Document})(s)
		}, trust.CannotCheck, []string{"cannot authority_unknown"}, [5]string{"y", "y", "-", "-", "n"}},
		{"a revoked signer", signer(specimen.Wanted{Serial: 0x0BAD}), trust.NotAuthentic, []string{"bad revoked"}, [5]string{"y", "y", "y", "y", "n"}},
		{"an expired signer", signer(specimen.Wanted{Serial: 9, From: specimen.Day.AddDate(-2, 0, 0), Until: specimen.Day.AddDate(0, -1, 0)}), trust.IsExpired, []string{"expired signer_expired"}, [5]string{"y", "y", "y", "n", "y"}},
		{"a signer of the future", signer(specimen.Wanted{Serial: 9, From: specimen.Day.AddDate(0, 1, 0), Until: specimen.Day.AddDate(9, 0, 0)}), trust.NotAuthentic,
			[]string{"bad signed_outside_validity", "expired signer_expired"}, [5]string{"y", "y", "n", "n", "y"}},
		{"signed before its signer was", sign(specimen.Signing{At: specimen.Day.AddDate(-2, 0, 0)}), trust.NotAuthentic, []string{"bad signed_outside_validity"}, [5]string{"y", "y", "n", "n", "n"}},
		{"signed when its signer's key was to be used no more", signer(specimen.Wanted{Serial: 9, KeyUntil: specimen.Day.AddDate(0, -7, 0)}), trust.NotAuthentic, []string{"bad signed_outside_validity"}, [5]string{"y", "y", "n", "n", "n"}},
		{"signed in the last of its key's days", signer(specimen.Wanted{Serial: 9, KeyUntil: specimen.Day.AddDate(0, -5, 0)}), trust.Authentic, nil, [5]string{"y", "y", "y", "n", "n"}},
		{"made before its authority was", signer(specimen.Wanted{Serial: 9, From: specimen.Day.AddDate(-5, 0, 0), Until: specimen.Day.AddDate(9, 0, 0)}), trust.NotAuthentic,
			[]string{"bad authority_not_valid"}, [5]string{"y", "y", "n", "n", "n"}},
		{"an authority as signer", func(s *specimen.State) *trust.Chip {
			return sign(specimen.Signing{By: &s.Authority, Hash: crypto.SHA384})(s)
		}, trust.NotAuthentic,
			[]string{"bad signer_usage"}, [5]string{"y", "y", "n", "n", "n"}},
		{"a signer that is an authority of its own", signer(specimen.Wanted{Serial: 9, CA: true}), trust.NotAuthentic, []string{"bad signer_usage"}, [5]string{"y", "y", "n", "n", "n"}},
		{"a certificate for encrypting", signer(specimen.Wanted{Serial: 9, Usage: x509.KeyUsageKeyEncipherment}), trust.NotAuthentic, []string{"bad signer_usage"}, [5]string{"y", "y", "n", "n", "n"}},
		{"a signer of master lists", func(s *specimen.State) *trust.Chip { return sign(specimen.Signing{By: &s.List})(s) }, trust.NotAuthentic, []string{"bad signer_usage"}, [5]string{"y", "y", "n", "n", "n"}},
		{"an extension nobody knows", signer(specimen.Wanted{Serial: 9, Critical: "1.2.3.4"}), trust.CannotCheck, []string{"cannot signer_critical"}, [5]string{"y", "y", "-", "n", "n"}},
		{"a signer of visas", signer(specimen.Wanted{Serial: 9, Types: []string{"V"}}), trust.Authentic, []string{"weak type_differs"}, [5]string{"y", "y", "y", "n", "n"}},
		{"SHA-1", sign(specimen.Signing{Hash: crypto.SHA1}), trust.Authentic, []string{"weak weak_algorithm"}, [5]string{"y", "y", "y", "n", "n"}},
		{"SHA-224", sign(specimen.Signing{Hash: crypto.SHA224}), trust.Authentic, nil, [5]string{"y", "y", "y", "n", "n"}},
		{"SHA-512", sign(specimen.Signing{Hash: crypto.SHA512}), trust.Authentic, nil, [5]string{"y", "y", "y", "n", "n"}},
		{"a security object of version 1", sign(specimen.Signing{Version: 1}), trust.Authentic, nil, [5]string{"y", "y", "y", "n", "n"}},
		{"a signer named by its key", sign(specimen.Signing{ByKey: true}), trust.Authentic, nil, [5]string{"y", "y", "y", "n", "n"}},
		{"no signed attributes", sign(specimen.Signing{Bare: true}), trust.Authentic, nil, [5]string{"y", "y", "y", "n", "n"}},
		{"P-521", signer(specimen.Wanted{Serial: 9, Curve: elliptic.P521()}), trust.Authentic, nil, [5]string{"y", "y", "y", "n", "n"}},
		{"P-224", signer(specimen.Wanted{Serial: 9, Curve: elliptic.P224()}), trust.Authentic, nil, [5]string{"y", "y", "y", "n", "n"}},
		{"RSA", rsaSigner(specimen.Signing{}), trust.Authentic, nil, [5]string{"y", "y", "y", "n", "n"}},
		{"RSA-PSS", rsaSigner(specimen.Signing{RSAPSS: true}), trust.Authentic, nil, [5]string{"y", "y", "y", "n", "n"}},
		{"something else signed", sign(specimen.Signing{Type: lds.OIDMasterList}), trust.CannotCheck, []string{"cannot unreadable"}, [5]string{"-", "-", "-", "-", "-"}},
		{"no security object", change(func(c *trust.Chip) { c.SOD = nil }), trust.CannotCheck, []string{"cannot unreadable"}, [5]string{"-", "-", "-", "-", "-"}},
		{"half a security object", change(func(c *trust.Chip) { c.SOD = c.SOD[:len(c.SOD)/2] }), trust.CannotCheck, []string{"cannot unreadable"}, [5]string{"-", "-", "-", "-", "-"}},
		{"a huge length", change(func(c *trust.Chip) { c.SOD = []byte{0x77, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0} }), trust.CannotCheck, []string{"cannot unreadable"}, [5]string{"-", "-", "-", "-", "-"}},
		{"a bomb", change(func(c *trust.Chip) { c.SOD = bytes.Repeat([]byte{0x30, 0x80}, 100_000) }), trust.CannotCheck, []string{"cannot unreadable"}, [5]string{"-", "-", "-", "-", "-"}},
		{"a zone that is none", change(func(c *trust.Chip) { c.Groups[1] = []byte{0x61, 3, 0x5F, 0x1F, 0} }), trust.NotAuthentic, []string{"bad group_differs", "cannot unreadable"}, [5]string{"n", "y", "y", "n", "n"}},
		{"nobody's signature", func(s *specimen.State) *trust.Chip { return unsigned(s, false) }, trust.NotAuthentic, []string{"bad no_signer"}, [5]string{"y", "n", "-", "-", "-"}},
		{"the signer's certificate left out", func(s *specimen.State) *trust.Chip { return unsigned(s, true) }, trust.Authentic, nil, [5]string{"y", "y", "y", "n", "n"}},
	} {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			chip := f.chip(utopia())
			v := trust.Verify(trusted(), trust.Evidence{MRZ: zone(), Chip: chip}, day)
			if v.Verdict != f.verdict || v.PassiveOK() != (f.verdict == trust.Authentic) {
				t.Errorf("%s, want %s", v.Verdict, f.verdict)
			}
			if diff := cmp.Diff(f.codes, codes(&v)); diff != "" {
				t.Error(diff)
			}
			var got [5]string
			for i, b := range []*bool{v.Chip.HashOK, v.Chip.SignatureOK, v.Chip.ChainOK, v.Chip.Revoked, v.Chip.Expired} {
				switch {
				case b == nil:
					got[i] = "-"
				case *b:
					got[i] = "y"
				default:
					got[i] = "n"
				}
			}
			if got != f.answers {
				t.Errorf("hash, signature, chain, revoked, expired: %v, want %v", got, f.answers)
			}
		})
	}
}

// rsaSigner signs with a key of RSA under Utopia's authority.
func rsaSigner(how specimen.Signing) func(s *specimen.State) *trust.Chip {
	return func(s *specimen.State) *trust.Chip {
		key := must(rsa.GenerateKey(rand.Reader, 2048))
		ca := s.Authority.Certificate
		template := &x509.Certificate{SerialNumber: big.NewInt(77), Subject: pkix.Name{Country: []string{"UT"}, CommonName: "DSC RSA"}, NotBefore: specimen.Day.AddDate(-1, 0, 0), NotAfter: specimen.Day.AddDate(9, 0, 0),
			KeyUsage: x509.KeyUsageDigitalSignature, SubjectKeyId: []byte{1, 2, 3}}
		raw := must(x509.CreateCertificate(rand.Reader, template, &x509.Certificate{RawSubject: ca.Subject.Raw, SubjectKeyId: ca.KeyID}, key.Public(), s.Authority.Key))
		how.By = &specimen.Signer{Certificate: must(cms.ParseCertificate(raw)), Key: key}
		return sign(how)(s)
	}
}

// unsigned takes the signer out of a security object, or only its certificate.
func unsigned(s *specimen.State, certificateOnly bool) *trust.Chip {
	chip := must(s.Passport())
	e := must(ber.Parse(chip.SOD))
	info := e.Inside().Next()
	r := info.Inside()
	_ = r.Next()
	frame := r.Next()
	var parts [][]byte
	for in := frame.Inside().Enter(ber.Sequence, "signed data"); in.More(); {
		switch part := in.Next(); {
		case part.Tag == ber.Context(0) && certificateOnly:
		case part.Tag == ber.Set && len(parts) > 2 && !certificateOnly:
			parts = append(parts, ber.Of(ber.Set))
		default:
			parts = append(parts, part.Raw)
		}
	}
	chip.SOD = lds.SOD(ber.Of(ber.Sequence, ber.Identifier("1.2.840.113549.1.7.2"), ber.Of(ber.Context(0), ber.Of(ber.Sequence, parts...))))
	return chip
}

// A document that was read is held against the chip it should be in: of another book it is not.
func TestAnotherBook(t *testing.T) {
	t.Parallel()
	z := utopia().Holder()
	z.Number = "X00000001"
	v := trust.Verify(trusted(), trust.Evidence{MRZ: strings.Join(z.Lines(), "\n"), Chip: must(utopia().Passport())}, day)
	if v.Verdict != trust.NotAuthentic || len(v.Remarks) != 1 || v.Remarks[0].Code != trust.CodeZoneDiffers || v.Remarks[0].Values["fields"] != "number" {
		t.Errorf("%s %+v", v.Verdict, v.Remarks)
	}
	// What was misread is read again, and is no forgery.
	misread := strings.Replace(zone(), "L898902C3", "L8989O2C3", 1)
	v = trust.Verify(trusted(), trust.Evidence{MRZ: misread, Chip: must(utopia().Passport())}, day)
	if v.Verdict != trust.ReadAgain || v.MRZ.Probable != "L898902C3" {
		t.Errorf("%s %+v", v.Verdict, v.Remarks)
	}
	later := day.AddDate(6, 0, 0)
	v = trust.Verify(trusted(), trust.Evidence{MRZ: zone()}, later)
	if v.Verdict != trust.IsExpired || v.Remarks[0].Code != trust.CodeDocumentExpired {
		t.Errorf("%s %+v", v.Verdict, v.Remarks)
	}
	// A date that was misread is read again before it is believed.
	v = trust.Verify(trusted(), trust.Evidence{MRZ: misread}, later)
	if v.Verdict != trust.ReadAgain {
		t.Errorf("%s %+v", v.Verdict, v.Remarks)
	}
	v = trust.Verify(trusted(), trust.Evidence{MRZ: "no zone"}, day)
	if v.Verdict != trust.Unreadable {
		t.Errorf("%s %+v", v.Verdict, v.Remarks)
	}
}

// Of seals too, exactly what is wrong is told.
func TestSeals(t *testing.T) {
	t.Parallel()
	s := utopia()
	visa := func(edit func(v *vds.Seal), key crypto.Signer) []byte {
		seal := s.Visa()
		edit(&seal)
		return must(seal.Encode(specimen.Plain(key, crypto.SHA256)))
	}
	same := func(*vds.Seal) {}
	permit := string(must(s.PermitSeal()))
	good := must(s.VisaSeal())
	for _, f := range []struct {
		name    string
		seal    []byte
		verdict trust.Verdict
		codes   []string
	}{
		{"as it is", good, trust.Authentic, nil},
		{"of an older version", visa(func(v *vds.Seal) { v.Version, v.Reference = 3, "0005B" }, s.Seal.Key), trust.Authentic, nil},
		{"a feature changed", flip(good, 40), trust.NotAuthentic, []string{"bad signature_wrong"}},
		{"a signature changed", flip(good, end(good)), trust.NotAuthentic, []string{"bad signature_wrong"}},
		{"another's key", visa(same, impostor().Seal.Key), trust.NotAuthentic, []string{"bad signature_wrong"}},
		{"a signer nobody knows", visa(func(v *vds.Seal) { v.Reference = "5C" }, s.Seal.Key), trust.CannotCheck, []string{"cannot signer_unknown"}},
		{"a neighbour's signer", visa(func(v *vds.Seal) { v.Signer = "BHTS" }, neighbour().Seal.Key), trust.NotAuthentic, []string{"bad state_differs"}},
		{"sealed before its signer was", visa(func(v *vds.Seal) { v.Sealed.Year -= 5 }, s.Seal.Key), trust.NotAuthentic, []string{"bad signed_outside_validity"}},
		{"on another's visa", visa(func(v *vds.Seal) {
			z := s.VisaZone()
			z.Born.Year--
			v.Features[0] = vds.ZoneFeature(1, z.Lines())
		}, s.Seal.Key), trust.NotAuthentic, []string{"bad mrz_differs"}},
		{"for another passport", visa(func(v *vds.Seal) { v.Features[3] = vds.TextFeature(5, "X00000001") }, s.Seal.Key), trust.NotAuthentic, []string{"bad mrz_differs"}},
		{"cut", good[:50], trust.CannotCheck, []string{"cannot unreadable"}},
		{"another barcode", []byte("M1SPECIMEN/LAYLA"), trust.CannotCheck, []string{"cannot unreadable"}},
		{"a permit", []byte(permit), trust.Authentic, nil},
		{"a permit in another order", []byte(strings.Replace(strings.Replace(permit, `"is":"UTO",`, ``, 1), `"v":1`, `"v": 1, "is":"\u0055TO"`, 1)), trust.Authentic, nil},
		{"a permit for longer", []byte(strings.Replace(permit, `"until":"2028`, `"until":"2038`, 1)), trust.NotAuthentic, []string{"bad signature_wrong"}},
		{"a permit of an impostor", must(impostor().PermitSeal()), trust.CannotCheck, []string{"cannot authority_unknown"}},
		{"a permit of a neighbour for Utopia", must(neighbourly().PermitSeal()), trust.NotAuthentic, []string{"bad state_differs"}},
		{"a permit without a certificate", []byte(permit[:strings.Index(permit, `,"cer"`)] + `}}`), trust.CannotCheck, []string{"cannot signer_missing"}},
		{"a permit whose certificate is none", []byte(permit[:strings.Index(permit, `,"cer"`)] + `,"cer":"MAA"}}`), trust.CannotCheck, []string{"cannot unreadable"}},
		{"a permit of another algorithm", []byte(strings.Replace(permit, "ES256", "ES384", 1)), trust.NotAuthentic, []string{"bad signature_wrong"}},
	} {
		v := trust.Verify(trusted(), trust.Evidence{MRZ: zone(), Seal: f.seal}, day)
		if v.Verdict != f.verdict {
			t.Errorf("%s: %s, want %s", f.name, v.Verdict, f.verdict)
		}
		if diff := cmp.Diff(f.codes, codes(&v)); diff != "" {
			t.Errorf("%s: %s", f.name, diff)
		}
	}
}

// neighbourly is the neighbour with Utopia's name on what it makes.
func neighbourly() *specimen.State {
	s := *neighbour()
	s.Code = "UTO"
	return &s
}

// A revocation list that is missing or old is told, and a defect that the operator passes over counts no more, until the
// day it ends. What speaks of forgery cannot be passed over.
func TestRevocationAndWaivers(t *testing.T) {
	t.Parallel()
	s := utopia()
	chip := must(s.Passport())
	without := files(s)
	delete(without, "UT/csca-1.crl")
	l, _ := trust.Load(without, day)
	v := trust.Verify(l, trust.Evidence{Chip: chip}, day)
	if v.Verdict != trust.CannotCheck || v.Chip.Revoked != nil || v.Remarks[0].Code != trust.CodeListMissing {
		t.Errorf("%s %v", v.Verdict, codes(&v))
	}
	w := trust.Waiver{ID: "w", Country: "ut", Defect: trust.CodeListMissing, Reason: "Utopia publishes none", Until: day.AddDate(0, 1, 0)}
	if v := trust.Verify(l.WithWaivers(w), trust.Evidence{Chip: chip}, day); v.Verdict != trust.Authentic || !v.PassiveOK() || v.Remarks[0].Code != trust.CodeWaived || v.Remarks[0].Values["reason"] != w.Reason {
		t.Errorf("%s %v", v.Verdict, codes(&v))
	}
	if v := trust.Verify(l.WithWaivers(w), trust.Evidence{Chip: chip}, day.AddDate(0, 2, 0)); v.Verdict != trust.CannotCheck {
		t.Errorf("after its end: %s %v", v.Verdict, codes(&v))
	}
	w.Country = "BH"
	if v := trust.Verify(l.WithWaivers(w), trust.Evidence{Chip: chip}, day); v.Verdict != trust.CannotCheck {
		t.Errorf("another country's: %s %v", v.Verdict, codes(&v))
	}
	old := files(s)
	old["UT/csca-1.crl"] = must(s.Revocations(3, specimen.Day.AddDate(0, 0, -91)))
	l, _ = trust.Load(old, day)
	v = trust.Verify(l, trust.Evidence{Chip: chip}, day)
	if v.Verdict != trust.Authentic || v.Remarks[0].Code != trust.CodeListStale || *v.Chip.Revoked {
		t.Errorf("%s %v", v.Verdict, codes(&v))
	}
	forged := change(func(c *trust.Chip) { c.Groups[2] = flip(c.Groups[2], 9) })(s)
	w.Country, w.Defect = "UT", trust.CodeGroupDiffers
	if v := trust.Verify(trusted().WithWaivers(w), trust.Evidence{Chip: forged}, day); v.Verdict != trust.NotAuthentic {
		t.Errorf("a forgery passed over: %s", v.Verdict)
	}
}

// After a change of keys, what the new key signed descends from the old authority through its link, or from the new one.
func TestChangeOfKeys(t *testing.T) {
	t.Parallel()
	s := utopia()
	by := must(s.Make(specimen.Wanted{Common: "DSC UTO 2", Serial: 5, From: specimen.Day.AddDate(0, -6, 0), Until: specimen.Day.AddDate(9, 0, 0), By: &s.Next}))
	chip := sign(specimen.Signing{By: &by})(s)
	if v := trust.Verify(trusted(), trust.Evidence{Chip: chip}, day); v.Verdict != trust.Authentic {
		t.Errorf("%s %v", v.Verdict, codes(&v))
	}
	linked := files(s)
	delete(linked, "UT/master-list.ml")
	l, out := trust.Load(linked, day)
	if v := trust.Verify(l, trust.Evidence{Chip: chip}, day); v.Verdict != trust.Authentic {
		t.Errorf("by the link alone: %s %v %+v", v.Verdict, codes(&v), out)
	}
	delete(linked, "UT/csca-2-link.cer")
	l, _ = trust.Load(linked, day)
	if v := trust.Verify(l, trust.Evidence{Chip: chip}, day); v.Verdict != trust.CannotCheck {
		t.Errorf("without: %s %v", v.Verdict, codes(&v))
	}
}

// What a stranger hands in is never a panic, and never authentic.
func FuzzVerify(f *testing.F) {
	chip := must(utopia().Passport())
	f.Add(zone(), chip.SOD, chip.Groups[1], must(utopia().VisaSeal()))
	f.Add("", chip.SOD[:100], chip.Groups[2], must(utopia().PermitSeal()))
	f.Fuzz(func(t *testing.T, zone string, sod, dg []byte, seal []byte) {
		v := trust.Verify(trusted(), trust.Evidence{MRZ: zone, Chip: &trust.Chip{SOD: sod, Groups: map[int][]byte{1: dg, 2: dg}}, Seal: seal}, day)
		if v.PassiveOK() {
			t.Fatal("DG1 and DG2 are the same file, and it is authentic")
		}
	})
}

// The first of a signer's passports costs its authority's signature too, and that of the revocation list.
func BenchmarkVerify(b *testing.B) {
	e := trust.Evidence{MRZ: zone(), Chip: must(utopia().Passport())}
	for _, c := range []struct {
		name string
		list func() *trust.List
	}{
		{"the first", func() *trust.List { return trusted().WithWaivers() }},
		{"another", trusted},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if v := trust.Verify(c.list(), e, day); v.Verdict != trust.Authentic {
					b.Fatal(v.Verdict)
				}
			}
		})
	}
}
