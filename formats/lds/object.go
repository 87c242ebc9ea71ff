package lds

import (
	"bytes"
	"crypto"
	"maps"
	"slices"

	"github.com/rihla/rihla/formats/ber"
	"github.com/rihla/rihla/formats/cms"
)

// Object identifiers of what is signed (Doc 9303-10 and -12).
const (
	OIDSecurityObject = "2.23.136.1.1.1"
	OIDMasterList     = "2.23.136.1.1.2"
)

// Object is EF.SOD: the hashes of the groups, and the signature over them.
type Object struct {
	Signed  *cms.SignedData
	Version int    // of the security object: 0, or 1 which says the structure's version too
	Hash    string // the hash's identifier
	Hashes  map[int][]byte
	LDS     string // the structure's version, of version 1
	Unicode string
}

// ParseSOD reads EF.SOD, or the signed message alone. The error is a *fault.Fault.
func ParseSOD(raw []byte) (*Object, error) {
	e, err := ber.Parse(raw)
	if err != nil {
		return nil, err
	}
	message := e.Raw
	if e.Tag == tagSOD {
		in := e.Inside()
		message = in.Next().Raw
		if in.Err() != nil {
			return nil, in.Err()
		}
	} else if e.Tag != ber.Sequence {
		return nil, wrong(0, "not_EF.SOD", "the file begins with %X; EF.SOD begins with %X", e.Tag, tagSOD)
	}
	signed, err := cms.ParseSignedData(message)
	if err != nil {
		return nil, err
	}
	o := &Object{Signed: signed, Hashes: map[int][]byte{}}
	if signed.Type != OIDSecurityObject {
		return nil, wrong(0, "not_security_object", "what is signed is of type %s, not a document's security object", signed.Type)
	}
	r := ber.NewReader(signed.Content)
	o.read(r.Enter(ber.Sequence, "the security object"), r)
	return o, r.Err()
}

func (o *Object) read(r, outer *ber.Reader) {
	o.Version = r.Int("the version")
	algorithm := r.Enter(ber.Sequence, "the hash algorithm")
	o.Hash = algorithm.OID("the hash algorithm")
	r.Join(algorithm)
	list := r.Enter(ber.Sequence, "the hashes")
	for list.More() {
		e := list.Take(ber.Sequence, "a hash")
		one := e.Inside()
		n, value := one.Int("a group's number"), one.Octets("a group's hash")
		list.Join(one)
		switch _, twice := o.Hashes[n]; {
		case list.Err() != nil:
		case n < 1 || n > Groups:
			list.Fail(e, "group", "there is no data group %d", n)
		case twice:
			list.Fail(e, "group", "data group %d has two hashes", n)
		default:
			o.Hashes[n] = value
		}
	}
	r.Join(list)
	if e, there := r.Optional(ber.Sequence); there {
		v := e.Inside()
		o.LDS, o.Unicode = string(v.Next().Content), string(v.Next().Content)
		r.Join(v)
	}
	outer.Join(r)
}

// Match is how a data group compares with its signed hash.
type Match string

// The matches.
const (
	Equal       Match = "equal"
	Differs     Match = "differs"
	NotRead     Match = "not_read"    // signed, and the file is not there
	NotListed   Match = "not_listed"  // there, and nobody signed for it
	Unsupported Match = "unsupported" // by a hash we do not know
)

// Compare compares a group's file as it was read, outer tag included, with what was signed.
func (o *Object) Compare(n int, file []byte) Match {
	want, listed := o.Hashes[n]
	h, known := cms.Algorithm{OID: o.Hash}.Hash()
	switch {
	case !listed:
		return NotListed
	case !known:
		return Unsupported
	case file == nil:
		return NotRead
	}
	// A chip gives whole blocks; what follows the element is not the file's.
	if e, err := ber.Parse(file); err == nil {
		file = e.Raw
	}
	if bytes.Equal(cms.Digest(h, file), want) {
		return Equal
	}
	return Differs
}

// Numbers are the groups that are signed for, in order.
func (o *Object) Numbers() []int { return slices.Sorted(maps.Keys(o.Hashes)) }

// SecurityObject is the content of EF.SOD for these groups' files, to be signed with [cms.Sign].
func SecurityObject(version int, h crypto.Hash, files map[int][]byte) []byte {
	var hashes []byte
	for _, n := range slices.Sorted(maps.Keys(files)) {
		hashes = append(hashes, ber.Of(ber.Sequence, ber.Int(n), ber.Of(ber.OctetString, cms.Digest(h, files[n])))...)
	}
	parts := [][]byte{ber.Int(version), ber.Of(ber.Sequence, ber.Identifier(cms.HashOID(h))), ber.Of(ber.Sequence, hashes)}
	if version > 0 {
		parts = append(parts, ber.Of(ber.Sequence, ber.Of(0x13, []byte("0108")), ber.Of(0x13, []byte("040000"))))
	}
	return ber.Of(ber.Sequence, parts...)
}

// SOD frames a signed message as EF.SOD.
func SOD(message []byte) []byte { return ber.Of(tagSOD, message) }
