package lists

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decode takes off the byte order mark, and reads UTF-16 where one says so, as spreadsheets write. bad is the place of the
// first byte that is no text in UTF-8; -1 when all is.
func decode(b []byte) (text []byte, bad int) {
	switch {
	case bytes.HasPrefix(b, []byte("\ufeff")):
		b = b[3:]
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(b)
		if err == nil {
			b = out
		}
	}
	if at := bytes.IndexByte(b, 0); at >= 0 {
		return b, at
	}
	if utf8.Valid(b) {
		return b, -1
	}
	for at := 0; at < len(b); {
		c, n := utf8.DecodeRune(b[at:])
		if c == utf8.RuneError && n <= 1 {
			return b, at
		}
		at += n
	}
	return b, -1
}

// encoding refuses a file that is not UTF-8. Guessing would make other names of the names.
func (r *reader) encoding(text []byte, bad int) {
	line := 1 + bytes.Count(text[:bad], []byte("\n"))
	r.wrong(line, "", "encoding", fmt.Sprintf("byte %#02x in this line is no UTF-8", text[bad]),
		"save the file as UTF-8; read in another encoding its names would become other names")
}

// windows1252 reads what older tools of publishers write, who use Latin letters only.
func windows1252(b []byte) []byte {
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	return out
}
