package lds

import (
	"bytes"
	"fmt"

	"github.com/rihla/rihla/formats/ber"
	"github.com/rihla/rihla/formats/fault"
)

// Groups is how many data groups there are.
const Groups = 16

// Tags of the files (Doc 9303-10, table of tags). Those of the groups, DG1 first.
const (
	tagCOM = 0x60
	tagSOD = 0x77
)

var groupTags = [Groups]uint32{0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70}

// group finds the number of a group by its tag; 0 is none.
func group(tag uint32) int {
	for i, t := range groupTags {
		if t == tag {
			return i + 1
		}
	}
	return 0
}

// Chip is what was read of a chip: whole files, outer tags included.
type Chip struct {
	COM, SOD []byte
	Groups   map[int][]byte
}

// Kind says what a file is by its first byte: COM, SOD, DG1 … DG16; empty where it is none of them. What can be read as
// plain text is none: the same bytes begin words.
func Kind(raw []byte) string {
	if len(raw) < 2 || !bytes.ContainsFunc(raw[:min(len(raw), 64)], func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r >= 0x7F }) {
		return ""
	}
	switch tag := uint32(raw[0]); tag {
	case tagCOM:
		return "COM"
	case tagSOD:
		return "SOD"
	default:
		if n := group(tag); n > 0 {
			return fmt.Sprintf("DG%d", n)
		}
	}
	return ""
}

func wrong(offset int, rule, format string, args ...any) *fault.Fault {
	return &fault.Fault{Offset: offset, Rule: rule, Strict: true, Message: fmt.Sprintf(format, args...), Mend: "read the chip again"}
}

// open reads a file's outer element, which must have this tag.
func open(raw []byte, tag uint32, what string) (ber.Element, error) {
	e, err := ber.Parse(raw)
	if err != nil {
		return e, err
	}
	if e.Tag != tag {
		return e, wrong(0, "not_"+what, "the file begins with %X; %s begins with %X", e.Tag, what, tag)
	}
	return e, nil
}

// Common is EF.COM: what the chip says of itself. It is not signed, so nothing may rest on it.
type Common struct {
	Version string `json:"version"` // of the structure, 0107
	Unicode string `json:"unicode"`
	Groups  []int  `json:"groups"`
}

// ParseCOM reads EF.COM. The error is a *fault.Fault.
func ParseCOM(raw []byte) (Common, error) {
	e, err := open(raw, tagCOM, "EF.COM")
	if err != nil {
		return Common{}, err
	}
	r := e.Inside()
	c := Common{Version: string(r.Take(0x5F01, "the version").Content), Unicode: string(r.Take(0x5F36, "the version of Unicode").Content)}
	list := r.Take(0x5C, "the list of groups")
	for i, tag := range list.Content {
		n := group(uint32(tag))
		if n == 0 {
			r.Fail(list, "tag", "byte %d of the list, %X, names no data group", i, tag)
			break
		}
		c.Groups = append(c.Groups, n)
	}
	return c, r.Err()
}

// File writes EF.COM.
func (c *Common) File() []byte {
	var tags []byte
	for _, n := range c.Groups {
		if n >= 1 && n <= Groups {
			tags = append(tags, byte(groupTags[n-1]))
		}
	}
	return ber.Of(tagCOM, ber.Of(0x5F01, []byte(c.Version)), ber.Of(0x5F36, []byte(c.Unicode)), ber.Of(0x5C, tags))
}

// ParseDG1 reads the machine-readable zone of DG1, in lines. The error is a *fault.Fault.
func ParseDG1(raw []byte) (string, error) {
	e, err := open(raw, groupTags[0], "DG1")
	if err != nil {
		return "", err
	}
	r := e.Inside()
	zone := r.Take(0x5F1F, "the machine-readable zone")
	if r.Err() != nil {
		return "", r.Err()
	}
	for i, c := range zone.Content {
		if c != '<' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return "", wrong(zone.Offset+3+i, "bad_character", "character %d of the zone cannot stand in one", i+1)
		}
	}
	s := string(zone.Content)
	switch len(s) {
	case 88, 72:
		return s[:len(s)/2] + "\n" + s[len(s)/2:], nil
	case 90:
		return s[:30] + "\n" + s[30:60] + "\n" + s[60:], nil
	}
	return "", wrong(zone.Offset, "zone_length", "the zone has %d characters, not 72, 88 or 90", len(s))
}

// DG1 writes a machine-readable zone as DG1.
func DG1(lines []string) []byte {
	var zone []byte
	for _, l := range lines {
		zone = append(zone, l...)
	}
	return ber.Of(groupTags[0], ber.Of(0x5F1F, zone))
}

// Faces counts the faces in DG2 (ISO/IEC 7816-11 templates). It looks at none. The error is a *fault.Fault.
func Faces(raw []byte) (int, error) {
	e, err := open(raw, groupTags[1], "DG2")
	if err != nil {
		return 0, err
	}
	r := e.Inside()
	in := r.Enter(0x7F61, "the group of templates")
	n := in.Int("the number of faces")
	r.Join(in)
	return n, r.Err()
}

// Wrap frames content as a data group, for what is made for tests. A number that is none is none.
func Wrap(n int, content []byte) []byte {
	if n < 1 || n > Groups {
		return nil
	}
	return ber.Of(groupTags[n-1], content)
}
