package mrz

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The tables of Doc 9303 part 3, section 6: how national letters are written in the zone. A letter that no table
// lists loses its marks (É is E); what is still no letter of A to Z then is dropped.
const (
	latinTable = "ÄAE ÅAA ÆAE ÖOE ØOE ŒOE ÜUE ßSS ẞSS ÞTH ÐD ĐD ĲIJ ŁL ŊN ıI İI ŦT ĦH ĸQ ŉN ƏE "

	cyrillicTable = "АA БB ВV ГG ҐG ДD ЕE ЁE ЄIE ЖZH ЗZ ИI ІI ЇI ЙI КK ЛL МM НN ОO ПP РR СS ТT УU ЎU ФF ХKH ЦTS ЧCH ШSH ЩSHCH " +
		"ЪIE ЫY Ь ЭE ЮIU ЯIA ЂD ЃG ЅDZ ЈJ ЉLJ ЊNJ ЋC ЌK ЏDZ "

	greekTable = "ΑA ΒV ΓG ΔD ΕE ΖZ ΗI ΘTH ΙI ΚK ΛL ΜM ΝN ΞX ΟO ΠP ΡR ΣS ςS ΤT ΥY ΦF ΧCH ΨPS ΩO "

	arabicTable = "ءXE آXAA أXAE ؤU إI ئXI اA بB ةXTA تT ثXTH جJ حXH خXKH دD ذXDH رR زZ سS شXSH صXSS ضXDZ طXTT ظXZZ عE غG فF قQ كK لL مM نN هH وW ىXAY يY " +
		"ٱXXA ٹXXT ټXRT پP ځXKE څXXH چXC ڈXXD ډXDR ڑXXR ړXRR ږXRX ژXJ ښXXS کXKK ګXXK ڭXNG گXGG ںXNN ڼXXN ھXDO ۀXYH ہXXG ۂXGE ۃXTG یXYA ۍXXY ېY ےXYB ۓXBE "
)

// letters holds all tables; Arabic back is tokens of the zone to letters, where one letter is meant.
var letters, arabic = func() (map[rune]string, map[string]rune) {
	to, back := map[rune]string{}, map[string]rune{}
	for _, table := range []string{latinTable, cyrillicTable, greekTable, arabicTable} {
		for _, entry := range strings.Fields(table) {
			r, n := utf8.DecodeRuneInString(entry)
			to[r] = entry[n:]
			if _, taken := back[entry[n:]]; table == arabicTable && !taken {
				back[entry[n:]] = r
			}
		}
	}
	back["XAH"] = 'ة' // as it is written at a word's end
	return to, back
}()

// Latin writes a name of any script in the letters of the zone: A to Z, with a blank between words. Hyphens part
// words, apostrophes and full stops go. The Arabic table can be undone with [Arabic].
func Latin(name string) string {
	plain := true
	for i := range len(name) {
		if c := name[i]; (c < 'A' || c > 'Z') && c != ' ' {
			plain = false
			break
		}
	}
	if plain && !strings.Contains(name, "  ") && strings.TrimSpace(name) == name {
		return name
	}
	var b strings.Builder
	last := ""
	word := func() {
		if s := b.String(); s != "" && s[len(s)-1] != ' ' {
			b.WriteByte(' ')
		}
		last = ""
	}
	runes := []rune(norm.NFC.String(name))
	for i, r := range runes {
		r = unicode.ToUpper(r)
		if unicode.In(r, unicode.Arabic) {
			r = runes[i]
		}
		switch {
		case r >= 'A' && r <= 'Z':
			last = string(r)
			b.WriteString(last)
			continue
		case unicode.IsSpace(r) || r == '-' || r == '<' || r == '/' || r == '_' || r == ',' || r == '‐' || r == '–' || r == '\u200c':
			word()
			continue
		case r == 'ّ': // shadda doubles the letter before it
			b.WriteString(last)
			continue
		case r == 'ة' && (i+1 == len(runes) || !unicode.IsLetter(runes[i+1])):
			last = "XAH"
			b.WriteString(last)
			continue
		}
		s, listed := letters[r]
		if !listed {
			s, listed = letters[runes[i]] // ß and ı have no single capital
		}
		if !listed {
			for _, x := range norm.NFKD.String(string(r)) {
				if x = unicode.ToUpper(x); x >= 'A' && x <= 'Z' {
					s += string(x)
				} else if t := letters[x]; t != "" {
					s += t
				}
			}
		}
		if s != "" {
			last = s
			b.WriteString(s)
		}
	}
	return strings.TrimSpace(b.String())
}

// Arabic undoes the Arabic table: a name written letter for letter in the zone (XHMD…) comes back in Arabic
// script. It is false where the name uses something the table does not have; a phonetic spelling, which most
// documents carry, does not come back as it was, so ask only of names known to be written by the table.
func Arabic(latin string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(latin); {
		switch latin[i] {
		case '<', ' ':
			b.WriteByte(' ')
			i++
			continue
		}
		found := false
		for n := min(3, len(latin)-i); n > 0; n-- { // X opens a token of two or three letters: the longest first
			if r, ok := arabic[latin[i:i+n]]; ok {
				b.WriteRune(r)
				i += n
				found = true
				break
			}
		}
		if !found {
			return "", false
		}
	}
	return strings.TrimSpace(b.String()), true
}
