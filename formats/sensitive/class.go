package sensitive

import (
	"encoding/json"
	"errors"
	"strconv"
)

// Class is the kind of what was dropped. Only the class is ever told, never the code or the words.
type Class uint8

// The classes of the public contract, in the order of their names.
const (
	None       Class = iota
	OSI              // airline service information: free text to the carrier
	Assistance       // wheelchairs, blind, deaf, escorts
	Meal             // every meal: an exception list would tell by inference
	Medical          // medical clearance, stretcher, oxygen, allergies
	Status           // deportees
	Text             // any other free text
	classes
)

var classNames = [classes]string{"", "OSI", "SSR:ASSISTANCE", "SSR:MEAL", "SSR:MEDICAL", "SSR:STATUS", "TEXT"}

func (c Class) String() string {
	if c < classes {
		return classNames[c]
	}
	return ""
}

// Of gives the class of a special service request code, None where its value may be kept. Case does not matter.
func Of(code string) Class {
	if len(code) != 4 {
		return None
	}
	return of([4]byte{upper(code[0]), upper(code[1]), upper(code[2]), upper(code[3])})
}

func of(c [4]byte) Class {
	switch {
	case c[2] == 'M' && c[3] == 'L' && letter(c[0]) && letter(c[1]):
		return Meal
	case c[0] == 'W' && c[1] == 'C':
		switch c[2] {
		case 'H', 'O', 'B', 'M', 'L': // WCHR WCHS WCHC WCOB WCBD WCBW WCMP WCLB
			return Assistance
		}
	case c[0] == 'L' && c[1] == 'E' && c[2] == 'G': // LEGB LEGL LEGR: a leg in a cast
		return Medical
	}
	switch c {
	case [4]byte{'B', 'L', 'N', 'D'}, [4]byte{'D', 'E', 'A', 'F'}, [4]byte{'D', 'P', 'N', 'A'},
		[4]byte{'M', 'A', 'A', 'S'}, [4]byte{'E', 'S', 'A', 'N'}, [4]byte{'S', 'V', 'A', 'N'}:
		return Assistance
	case [4]byte{'M', 'E', 'D', 'A'}, [4]byte{'S', 'T', 'C', 'R'}, [4]byte{'O', 'X', 'Y', 'G'},
		[4]byte{'P', 'P', 'O', 'C'}, [4]byte{'N', 'U', 'T', 'M'}, [4]byte{'P', 'N', 'U', 'T'}:
		return Medical
	case [4]byte{'D', 'E', 'P', 'A'}, [4]byte{'D', 'E', 'P', 'U'}:
		return Status
	}
	return None
}

// Tally counts what was withheld, by class. Its JSON is the contract's "withheld" object.
type Tally [classes]int

// Add counts one more of a class.
func (t *Tally) Add(c Class) {
	if c > None && c < classes {
		t[c]++
	}
}

// IsZero tells that nothing was withheld.
func (t Tally) IsZero() bool { return t == Tally{} }

// AppendJSON appends the object, classes in the order of their names, those that counted nothing left out.
func (t Tally) AppendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	first := true
	for c, n := range t {
		if n == 0 || c == int(None) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(dst, '"')
		dst = append(dst, classNames[c]...)
		dst = append(dst, '"', ':')
		dst = strconv.AppendInt(dst, int64(n), 10)
	}
	return append(dst, '}')
}

// MarshalJSON implements json.Marshaler.
func (t Tally) MarshalJSON() ([]byte, error) { return t.AppendJSON(nil), nil }

// UnmarshalJSON implements json.Unmarshaler, so that clients can read what they were told.
func (t *Tally) UnmarshalJSON(b []byte) error {
	var m map[string]int
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	*t = Tally{}
	for name, n := range m {
		known := false
		for c := None + 1; c < classes; c++ {
			if classNames[c] == name {
				t[c], known = n, true
			}
		}
		if !known {
			return errors.New("unknown class of sensitive data: " + strconv.Quote(name))
		}
	}
	return nil
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

func letter(c byte) bool { return 'A' <= c && c <= 'Z' }
