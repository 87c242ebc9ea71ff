package collection

import (
	"bytes"
	"encoding/hex"
	"strings"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/taxii"
)

// specs are the versions of STIX there are, oldest first; entries keep the place.
var specs = [...]string{"2.0", "2.1"}

const levels = int(stix.Red) + 1

// entry is one version of an object, without what it says.
type entry struct {
	name    []byte        // the object's, packed
	version taxii.Instant // 0 where an object has none: its date_added stands for it
	said    []byte        // the version as it was written; none where there is none
	by      string        // who gave it
	spec    uint8         // a place in specs
	level   stix.TLP      // never Unmarked
	added   int64
}

// text is the version as a client sees it.
func (e *entry) text() string {
	if len(e.said) == 0 {
		return taxii.Instant(e.added).String()
	}
	return string(e.said)
}

// instant is the version as filters compare it.
func (e *entry) instant() taxii.Instant {
	if len(e.said) == 0 {
		return taxii.Instant(e.added)
	}
	return e.version
}

// Names are packed: a tag, the sixteen bytes of the UUID, the type. An index of names is half as large so. What has no
// UUID in its usual form is kept as it is.
const (
	packed = 1
	plain  = 0
)

func packName(id string) []byte {
	kind, uuid, found := strings.Cut(id, "--")
	if found && len(uuid) == 36 && uuid[8] == '-' && uuid[13] == '-' && uuid[18] == '-' && uuid[23] == '-' && strings.ToLower(uuid) == uuid {
		b := make([]byte, 17, 17+len(kind))
		b[0] = packed
		if _, err := hex.Decode(b[1:], []byte(uuid[:8]+uuid[9:13]+uuid[14:18]+uuid[19:23]+uuid[24:])); err == nil {
			return append(b, kind...)
		}
	}
	return append([]byte{plain}, id...)
}

// appendID unpacks a name.
func appendID(b, name []byte) []byte {
	if len(name) < 17 || name[0] != packed {
		return append(b, name[min(1, len(name)):]...)
	}
	b = append(append(b, name[17:]...), "--"...)
	for i, n := range [...]int{4, 2, 2, 2, 6} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, name[1:1+n])
		name = name[n:]
	}
	return b
}

func (e *entry) id() string { return string(appendID(nil, e.name)) }

// kind is the object's type.
func (e *entry) kind() []byte {
	if len(e.name) >= 17 && e.name[0] == packed {
		return e.name[17:]
	}
	kind, _, _ := bytes.Cut(e.name[min(1, len(e.name)):], []byte("--"))
	return kind
}
