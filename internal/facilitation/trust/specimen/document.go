package specimen

import (
	"crypto"
	"crypto/ecdsa"
	"encoding/asn1"
	"errors"
	"maps"
	"math/big"
	"time"

	"github.com/rihla/rihla/formats/ber"
	"github.com/rihla/rihla/formats/cms"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/lds"
	"github.com/rihla/rihla/formats/mrz"
	"github.com/rihla/rihla/formats/vds"
)

// Holder is the passport's zone: an invented person's.
func (s *State) Holder() mrz.Zone {
	return mrz.Zone{Kind: mrz.TD3, Code: "P", Issuer: s.Code, Surname: "SPECIMEN", Given: "LAYLA MARIA", Number: "L898902C3", Nationality: s.Code,
		Born: date.Date{Year: 1991, Month: 4, Day: 2}, Sex: "F", Expires: date.Of(s.Day.AddDate(5, 0, 0))}
}

// Groups are the data groups of a passport: its zone, a face that is none, and two that only their hash is known of.
func (s *State) Groups(z *mrz.Zone) map[int][]byte {
	face := ber.Of(0x7F61, ber.Int(1), ber.Of(0x7F60, ber.Of(0xA1), ber.Of(0x5F2E, []byte("no face, but a place for one: "+s.seed))))
	return map[int][]byte{
		1:  lds.DG1(z.Lines()),
		2:  lds.Wrap(2, face),
		14: lds.Wrap(14, ber.Of(ber.Set, ber.Of(ber.Sequence, ber.Identifier("0.4.0.127.0.7.2.2.4.2.2"), ber.Int(2), ber.Int(12)))),
		15: lds.Wrap(15, ber.Of(ber.Sequence, []byte("no key"))),
	}
}

// Signing is how a chip is signed, where it is not as usual.
type Signing struct {
	Version int         // of the security object
	Hash    crypto.Hash // of groups and signature; zero is SHA-256
	By      *Signer     // nil: the state's document signer
	At      time.Time   // zero: not said
	Bare    bool        // no signed attributes
	ByKey   bool
	Named   *cms.Certificate // another certificate that goes with it
	Type    string           // of the content
	Key     crypto.Signer    // another's
	RSAPSS  bool
}

// Chip signs data groups as EF.SOD and gives the chip.
func (s *State) Chip(groups map[int][]byte, how Signing) (*lds.Chip, error) {
	if how.Hash == 0 {
		how.Hash = crypto.SHA256
	}
	by := s.Document
	if how.By != nil {
		by = *how.By
	}
	if how.Named != nil {
		by.Certificate = how.Named
	}
	if how.Key != nil {
		by.Key = how.Key
	}
	if how.Type == "" {
		how.Type = lds.OIDSecurityObject
	}
	message, err := cms.Sign(cms.Message{Type: how.Type, Content: lds.SecurityObject(how.Version, how.Hash, groups), Certificate: by.Certificate, Hash: how.Hash,
		SignedAt: how.At, Bare: how.Bare, ByKey: how.ByKey, PSS: how.RSAPSS}, by.Key)
	if err != nil {
		return nil, err
	}
	com := lds.Common{Version: "0107", Unicode: "040000"}
	for n := range lds.Groups + 1 {
		if groups[n] != nil {
			com.Groups = append(com.Groups, n)
		}
	}
	return &lds.Chip{COM: com.File(), SOD: lds.SOD(message), Groups: maps.Clone(groups)}, nil
}

// Passport is the holder's passport chip.
func (s *State) Passport() (*lds.Chip, error) {
	z := s.Holder()
	return s.Chip(s.Groups(&z), Signing{At: s.Day.AddDate(0, -6, 0)})
}

// Plain makes a signature of r and s one after the other.
func Plain(key crypto.Signer, h crypto.Hash) func(signed []byte) ([]byte, error) {
	return func(signed []byte) ([]byte, error) {
		public, ok := key.Public().(*ecdsa.PublicKey)
		if !ok {
			return nil, errors.New("specimen: seals are signed on curves")
		}
		raw, err := key.Sign(nil, cms.Digest(h, signed), h)
		if err != nil {
			return nil, err
		}
		var rs struct{ R, S *big.Int }
		if _, err := asn1.Unmarshal(raw, &rs); err != nil {
			return nil, err
		}
		n := (public.Params().N.BitLen() + 7) / 8
		out := make([]byte, 2*n)
		rs.R.FillBytes(out[:n])
		rs.S.FillBytes(out[n:])
		return out, nil
	}
}

// VisaZone is the zone of a visa for the holder.
func (s *State) VisaZone() mrz.Zone {
	z := s.Holder()
	z.Kind, z.Code, z.Number, z.Expires = mrz.MRVA, "V", "V0012345", date.Of(s.Day.AddDate(0, 6, 0))
	return z
}

// Visa is a binary seal on a visa, to be encoded.
func (s *State) Visa() vds.Seal {
	z := s.VisaZone()
	issued := date.Of(s.Day.AddDate(0, -1, 0))
	return vds.Seal{Version: 4, Country: s.Code, Signer: s.Country + "TS", Reference: "5B", Issued: issued, Sealed: issued, Definition: 0x5D, Category: 0x01,
		Features: []vds.Feature{vds.ZoneFeature(0x01, z.Lines()), {Tag: 0x03, Value: []byte{2}}, {Tag: 0x04, Value: []byte{30, 0, 0}}, vds.TextFeature(0x05, s.Holder().Number)}}
}

// VisaSeal is the seal, signed.
func (s *State) VisaSeal() ([]byte, error) {
	seal := s.Visa()
	return seal.Encode(Plain(s.Seal.Key, crypto.SHA256))
}

// PermitSeal is a seal in JSON on a permit to travel.
func (s *State) PermitSeal() ([]byte, error) {
	z := s.Holder()
	data := `{"hdr":{"t":"` + "specimen.eta" + `","v":1,"is":"` + s.Code + `"},"msg":{"pid":{"n":"` + z.Surname + ` ` + z.Given + `","dob":"` + z.Born.String() + `","sex":"` + z.Sex + `","i":"` + z.Number + `"},"entries":2,"until":"` +
		date.Of(s.Day.AddDate(2, 0, 0)).String() + `"}}`
	return vds.EncodeNC([]byte(data), "ES256", s.JSONSeal.Certificate.Raw, Plain(s.JSONSeal.Key, crypto.SHA256))
}
