// Package ber takes apart and puts together what is written by the basic and distinguished encoding rules of ASN.1
// (ITU-T X.690): chips of passports, certificates, revocation lists and signed messages all are.
//
// Call [Parse] for the one element that a file is, and read inside it with a [Reader], whose first fault sticks. What is
// written is put together with [Append]. An element's bytes stay as they were, for signatures are made over them; so
// lengths that are longer than they need be are taken, and lengths that are not known beforehand as well.
//
// The package knows tags and lengths, never what they mean. encoding/asn1 is stricter than the states whose documents
// must be read, and refuses without saying where.
package ber

// What bounds a reading: no document or list of a state comes near.
const (
	MaxDepth  = 32      // of elements whose length is not known beforehand
	MaxLength = 1 << 28 // bytes of one element
)

// Tags of the universal class, as their one byte stands.
const (
	Boolean     = 0x01
	Integer     = 0x02
	BitString   = 0x03
	OctetString = 0x04
	Null        = 0x05
	OID         = 0x06
	Enumerated  = 0x0A
	UTF8String  = 0x0C
	UTCTime     = 0x17
	GeneralTime = 0x18
	Sequence    = 0x30
	Set         = 0x31
)

// Context is the tag [n] of a context, constructed.
func Context(n int) uint32 { return 0xA0 | uint32(n&0x1F) } //nolint:gosec // five bits

// Primitive is the tag [n] of a context, primitive.
func Primitive(n int) uint32 { return 0x80 | uint32(n&0x1F) } //nolint:gosec // five bits
