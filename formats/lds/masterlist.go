package lds

import (
	"github.com/rihla/rihla/formats/ber"
	"github.com/rihla/rihla/formats/cms"
	"github.com/rihla/rihla/formats/fault"
)

const mostInMasterList = 20_000

// MasterList is a state's list of country signing certificates, its own and others', signed by its master list signer.
type MasterList struct {
	Signed       *cms.SignedData
	Certificates []*cms.Certificate
	Unread       []*fault.Fault // of certificates that cannot be read: told, and passed over
}

// ParseMasterList reads a master list (Doc 9303-12). The error is a *fault.Fault.
func ParseMasterList(raw []byte) (*MasterList, error) {
	signed, err := cms.ParseSignedData(raw)
	if err != nil {
		return nil, err
	}
	if signed.Type != OIDMasterList {
		return nil, wrong(0, "not_master_list", "what is signed is of type %s, not a master list", signed.Type)
	}
	l := &MasterList{Signed: signed}
	outer := ber.NewReader(signed.Content)
	r := outer.Enter(ber.Sequence, "the master list")
	_ = r.Int("the version")
	list := r.Enter(ber.Set, "the certificates")
	for n := 0; list.More(); n++ {
		e := list.Next()
		if n == mostInMasterList {
			list.Fail(e, "too_many", "the list has more than %d certificates", mostInMasterList)
		}
		c, err := cms.ParseCertificate(e.Raw)
		if err != nil {
			f := *err.(*fault.Fault) //nolint:errorlint,forcetypeassert // it knows no other
			f.Offset += e.Offset
			l.Unread = append(l.Unread, &f)
			continue
		}
		l.Certificates = append(l.Certificates, c)
	}
	r.Join(list)
	r.Over("the master list")
	return l, r.Err()
}

// MasterListOf is the content of a master list, to be signed with [cms.Sign].
func MasterListOf(certificates []*cms.Certificate) []byte {
	var all []byte
	for _, c := range certificates {
		all = append(all, c.Raw...)
	}
	return ber.Of(ber.Sequence, ber.Int(0), ber.Of(ber.Set, all))
}
