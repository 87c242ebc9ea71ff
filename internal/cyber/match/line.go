package match

import (
	"bytes"
	"math"
	"strconv"
	"time"
)

// Line is what a scanner found in one line. Its texts are the scanner's, until its next line.
type Line struct {
	Hits   []Hit
	Parts  []Hit  // values that are worth nothing alone
	Host   []byte // the machine that says so of itself, where the line names one
	Client []byte // who asked, connected, sent
	Named  []byte // what is only called host: the machine in some logs, whom it asked in others
	Server []byte // whom
	when   []byte
	form   form
}

// form is how a line writes its instants.
type form byte

const (
	generic form = iota
	bindForm
	syslogForm
)

// At is when it happened, as the line says; zero where it does not. A line that names no year is of the year that makes
// it the latest before reference.
func (l *Line) At(reference time.Time) time.Time {
	text := string(l.when)
	switch l.form {
	case bindForm:
		if t, err := time.Parse("02-Jan-2006 15:04:05.999999", text); err == nil {
			return t.UTC()
		}
		return time.Time{}
	case syslogForm:
		t, err := time.Parse("Jan _2 15:04:05 2006", text+" "+strconv.Itoa(reference.UTC().Year()))
		if err != nil { // 29 February, of a year before
			t, err = time.Parse("Jan _2 15:04:05 2006", text+" "+strconv.Itoa(reference.UTC().Year()-1))
		}
		if err != nil {
			return time.Time{}
		}
		if t.After(reference.Add(24 * time.Hour)) {
			t = t.AddDate(-1, 0, 0)
		}
		return t.UTC()
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC()
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n <= 0 || n > math.MaxInt64/1e3 {
		return time.Time{}
	}
	switch { // seconds, milliseconds, microseconds or nanoseconds since 1970, by their size
	case n < 1e11:
		return time.UnixMicro(int64(n * 1e6)).UTC()
	case n < 1e14:
		return time.UnixMicro(int64(n * 1e3)).UTC()
	case n < 1e17:
		return time.UnixMicro(int64(n)).UTC()
	}
	return time.UnixMicro(int64(n / 1e3)).UTC()
}

// Place is the machine that a hit is about: the one the line names as its own, else who asked, else what it calls host, else
// whom. It is never the value that was met, nor part of it, which is the attacker's. Empty is unknown.
func (l *Line) Place(h Hit) string {
	for _, p := range [...][]byte{l.Host, l.Client, l.Named, l.Server} {
		if len(p) > 0 && !bytes.Contains(h.Seen, p) {
			return string(p)
		}
	}
	return ""
}
