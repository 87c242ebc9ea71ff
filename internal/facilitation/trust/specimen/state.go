package specimen

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha1" //nolint:gosec // names keys, protects nothing
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"io"
	"math/big"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/ber"
	"github.com/rihla/rihla/formats/cms"
	"github.com/rihla/rihla/formats/lds"
)

// Day is the day that specimens are of, unless another is asked for.
var Day = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)

// Signer is a certificate with its key.
type Signer struct {
	Certificate *cms.Certificate
	Key         crypto.Signer
}

// State is an invented state and what it signs with.
type State struct {
	Code, Country string // UTO, UT
	Day           time.Time

	Authority Signer // the country signing authority
	Next      Signer // after a change of keys
	Link      Signer // certifies Next's key with Authority's
	Document  Signer // signs chips
	Seal      Signer // signs binary seals, named by two letters
	JSONSeal  Signer // signs seals in JSON
	List      Signer // signs master lists

	seed string
}

// New makes a state, of the code in zones and the country in certificates: UTO and UT, or another's for an impostor.
func New(seed, code, country string, day time.Time) (*State, error) {
	s := &State{Code: code, Country: country, Day: day, seed: seed + "/" + country}
	year := func(n int) time.Time { return day.AddDate(n, 0, 0).Truncate(24 * time.Hour) }
	for _, make := range []func() (err error){
		func() (err error) {
			s.Authority, err = s.authority("CSCA "+code+" 1", 1, year(-3), year(12), nil)
			return err
		},
		func() (err error) {
			s.Next, err = s.authority("CSCA "+code+" 2", 2, year(-1), year(14), nil)
			return err
		},
		func() (err error) {
			s.Link, err = s.authority("CSCA "+code+" 2", 3, year(-1), year(12), &s.Authority)
			return err
		},
		func() (err error) {
			s.Document, err = s.Make(Wanted{Common: "DSC " + code + " 1", Serial: 0x1001, From: year(-1), Until: year(10), Types: []string{"P", "I"}})
			return err
		},
		func() (err error) {
			s.Seal, err = s.Make(Wanted{Common: "TS", Serial: 0x5B, From: year(-1), Until: year(10), Purposes: []string{"2.23.136.1.1.14.2"}})
			return err
		},
		func() (err error) {
			s.JSONSeal, err = s.Make(Wanted{Common: "VDS-NC " + code + " 1", Serial: 0x2001, From: year(-1), Until: year(10), Purposes: []string{"2.23.136.1.1.14.2"}})
			return err
		},
		func() (err error) {
			s.List, err = s.Make(Wanted{Common: "Master List Signer " + code, Serial: 0x3001, From: year(-1), Until: year(2), Purposes: []string{"2.23.136.1.1.3"}})
			return err
		},
	} {
		if err := make(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// key makes a key from a name, the same each time.
func (s *State) key(name string, curve elliptic.Curve) (*ecdsa.PrivateKey, error) {
	n := curve.Params().N
	sum := sha512.Sum512([]byte(s.seed + "/" + name))
	d := new(big.Int).SetBytes(sum[:])
	d.Mod(d, new(big.Int).Sub(n, big.NewInt(1))).Add(d, big.NewInt(1))
	raw := make([]byte, (n.BitLen()+7)/8)
	return ecdsa.ParseRawPrivateKey(curve, d.FillBytes(raw))
}

// deterministic signs without chance (RFC 6979), so that what is made twice is equal.
type deterministic struct{ *ecdsa.PrivateKey }

func (d deterministic) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return d.PrivateKey.Sign(nil, digest, opts)
}

func (s *State) name(common string) pkix.Name {
	return pkix.Name{Country: []string{s.Country}, Organization: []string{"Specimen"}, CommonName: common}
}

func keyID(key *ecdsa.PrivateKey) ([]byte, error) {
	raw, err := key.PublicKey.Bytes()
	sum := sha1.Sum(raw) //nolint:gosec // as above
	return sum[:], err
}

// authority makes a country signing certificate, or with a parent a link to its key.
func (s *State) authority(common string, serial int64, from, until time.Time, parent *Signer) (Signer, error) {
	key, err := s.key(common, elliptic.P384())
	if err != nil {
		return Signer{}, err
	}
	id, err := keyID(key)
	if err != nil {
		return Signer{}, err
	}
	t := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: s.name(common), NotBefore: from, NotAfter: until, SubjectKeyId: id, AuthorityKeyId: id,
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SignatureAlgorithm: x509.ECDSAWithSHA384}
	above, signer := t, crypto.Signer(deterministic{key})
	if parent != nil {
		above, signer = &x509.Certificate{Subject: s.name(parent.Certificate.Subject.Common), SubjectKeyId: parent.Certificate.KeyID}, parent.Key
	}
	return finish(t, above, key, signer)
}

func finish(t, above *x509.Certificate, key *ecdsa.PrivateKey, signer crypto.Signer) (Signer, error) {
	raw, err := x509.CreateCertificate(nil, t, above, key.Public(), signer)
	if err != nil {
		return Signer{}, err
	}
	c, err := cms.ParseCertificate(raw)
	return Signer{c, deterministic{key}}, err
}

// Wanted is a certificate to be made, usual or not.
type Wanted struct {
	Common      string
	Serial      int64
	From, Until time.Time
	Purposes    []string
	Types       []string // of documents
	By          *Signer  // nil: the state's authority
	CA          bool
	Usage       x509.KeyUsage // 0: to sign
	Critical    string        // an extension nobody knows
	KeyUntil    time.Time     // when its private key may be used no more; zero is not said
	Curve       elliptic.Curve
	Impostor    string // another key than the name's own
}

// Make makes a certificate with its key.
func (s *State) Make(w Wanted) (Signer, error) {
	by, curve := w.By, w.Curve
	if by == nil {
		by = &s.Authority
	}
	if curve == nil {
		curve = elliptic.P256()
	}
	key, err := s.key(w.Common+w.Impostor, curve)
	if err != nil {
		return Signer{}, err
	}
	id, err := keyID(key)
	if err != nil {
		return Signer{}, err
	}
	subject := s.name(w.Common)
	if len(w.Common) == 2 {
		subject = pkix.Name{Country: []string{s.Country}, CommonName: w.Common} // as seals name their signers
	}
	t := &x509.Certificate{SerialNumber: big.NewInt(w.Serial), Subject: subject, NotBefore: w.From, NotAfter: w.Until, SubjectKeyId: id,
		KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: w.CA, IsCA: w.CA, SignatureAlgorithm: x509.ECDSAWithSHA256}
	if w.Usage != 0 {
		t.KeyUsage = w.Usage
	}
	for _, p := range w.Purposes {
		oid, err := x509.ParseOID(p)
		if err != nil {
			return Signer{}, err
		}
		arcs, err := arcsOf(oid.String())
		if err != nil {
			return Signer{}, err
		}
		t.UnknownExtKeyUsage = append(t.UnknownExtKeyUsage, arcs)
	}
	if len(w.Types) > 0 {
		var types [][]byte
		for _, one := range w.Types {
			types = append(types, ber.Of(0x13, []byte(one)))
		}
		t.ExtraExtensions = append(t.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 23, 136, 1, 1, 6, 2}, Value: ber.Of(ber.Sequence, ber.Int(0), ber.Of(ber.Set, types...))})
	}
	if w.Critical != "" {
		arcs, err := arcsOf(w.Critical)
		if err != nil {
			return Signer{}, err
		}
		t.ExtraExtensions = append(t.ExtraExtensions, pkix.Extension{Id: arcs, Critical: true, Value: ber.Of(ber.Null)})
	}
	if !w.KeyUntil.IsZero() {
		period := ber.Of(ber.Sequence, ber.Of(ber.Primitive(0), []byte(w.From.Format("20060102150405Z"))), ber.Of(ber.Primitive(1), []byte(w.KeyUntil.Format("20060102150405Z"))))
		t.ExtraExtensions = append(t.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 16}, Value: period})
	}
	above := &x509.Certificate{Subject: s.name(by.Certificate.Subject.Common), SubjectKeyId: by.Certificate.KeyID}
	return finish(t, above, key, by.Key)
}

func arcsOf(dots string) (asn1.ObjectIdentifier, error) {
	var arcs asn1.ObjectIdentifier
	_, err := asn1.Unmarshal(ber.Identifier(dots), &arcs)
	return arcs, err
}

// Revocations makes the authority's list, with these serial numbers on it.
func (s *State) Revocations(number int64, at time.Time, serials ...int64) ([]byte, error) {
	return s.RevocationsBy(&s.Authority, number, at, serials...)
}

// RevocationsBy makes another authority's list.
func (s *State) RevocationsBy(by *Signer, number int64, at time.Time, serials ...int64) ([]byte, error) {
	slices.Sort(serials)
	var entries []x509.RevocationListEntry
	for _, n := range serials {
		entries = append(entries, x509.RevocationListEntry{SerialNumber: big.NewInt(n), RevocationTime: at})
	}
	above := &x509.Certificate{RawSubject: by.Certificate.Subject.Raw, SubjectKeyId: by.Certificate.KeyID, KeyUsage: x509.KeyUsageCRLSign}
	return x509.CreateRevocationList(nil, &x509.RevocationList{Number: big.NewInt(number), ThisUpdate: at, NextUpdate: at.AddDate(0, 0, 90), RevokedCertificateEntries: entries,
		SignatureAlgorithm: x509.ECDSAWithSHA384}, above, by.Key)
}

// MasterList makes a list of authorities' certificates, signed by this state.
func (s *State) MasterList(certificates ...*cms.Certificate) ([]byte, error) {
	raw, err := cms.Sign(cms.Message{Type: lds.OIDMasterList, Content: lds.MasterListOf(certificates), Certificate: s.List.Certificate, Hash: crypto.SHA256, SignedAt: s.Day.AddDate(0, -1, 0)}, s.List.Key)
	if err != nil {
		return nil, fmt.Errorf("master list: %w", err)
	}
	return raw, nil
}
