package vds

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/rihla/rihla/formats/fault"
)

// Kind is which of the two forms a seal has.
type Kind string

// The forms.
const (
	Binary Kind = "vds"
	JSON   Kind = "vds-nc"
	None   Kind = ""
)

// magic begins a binary seal.
const magic = 0xDC

// Most is how many bytes a seal may have: the largest barcode holds 3 KB of them; text of it is longer.
const Most = 16 << 10

// Recognise says what a scanner gave, and gives the seal's own bytes: scanners hand binary seals on as they are, in
// hexadecimal or in base64.
func Recognise(raw []byte) (Kind, []byte) {
	if len(raw) > 0 && raw[0] == magic {
		return Binary, raw
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\ufeff")))
	if len(text) == 0 || len(text) > Most {
		return None, nil
	}
	if text[0] == '{' {
		return JSON, text
	}
	joined := strings.Join(strings.Fields(string(text)), "")
	for _, decode := range []func(string) ([]byte, error){hex.DecodeString, unbase64} {
		if b, err := decode(joined); err == nil && len(b) > 0 {
			switch b[0] {
			case magic:
				return Binary, b
			case '{':
				return JSON, b
			}
		}
	}
	return None, nil
}

// unbase64 takes either alphabet, filled up or not.
func unbase64(s string) ([]byte, error) {
	s = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(s), "=")
	return base64.RawURLEncoding.DecodeString(s)
}

func wrong(offset int, rule, format string, args ...any) *fault.Fault {
	return &fault.Fault{Offset: offset, Rule: rule, Strict: true, Message: fmt.Sprintf(format, args...), Mend: "scan the barcode again"}
}
