package screening

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/store"
)

// Source is where a list is fetched from, and how often: some URLs, whose files are one list together, or a folder.
type Source struct {
	URLs   []string `json:"urls,omitempty" maxItems:"8" doc:"http or https; several are the files of one list, such as sdn.csv and alt.csv"`
	Folder string   `json:"folder,omitempty" doc:"A folder or file under the node's own folder lists; the newest file of a folder counts"`
	Every  string   `json:"every" doc:"How often: 30m, 6h, 24h"`
	// SHA256URL answers with the SHA-256 of the file, or lines of SHA-256 and file name.
	SHA256URL string `json:"sha256_url,omitempty" doc:"Where the publisher keeps the SHA-256 of the files, as sha256sum writes it"`
	// SignatureURL answers with an Ed25519 signature of the file; of the SHA-256 file where there is one.
	SignatureURL string `json:"signature_url,omitempty" doc:"Where the publisher keeps an Ed25519 signature of the file, or of its SHA-256 file where one is named"`
	PublicKey    string `json:"public_key,omitempty" doc:"The Ed25519 key that signs: base64 of its 32 bytes, or PEM"`
	Paused       bool   `json:"paused" required:"false"`
}

// SourceState is a source, and how fetching from it went.
type SourceState struct {
	Source
	Name      string         `json:"name"`
	By        string         `json:"by"`
	Changed   time.Time      `json:"changed"`
	Due       time.Time      `json:"due,omitzero"` // when it is fetched next; absent while paused
	Tried     time.Time      `json:"tried,omitzero"`
	Succeeded time.Time      `json:"succeeded,omitzero"`
	Failures  int            `json:"failures"`          // since it last succeeded
	Error     string         `json:"error,omitempty"`   // why it failed last
	Faults    []*fault.Fault `json:"faults,omitempty"`  // of the file, where it is at fault
	Refusal   string         `json:"refusal,omitempty"` // of a list that was read and refused: shrunk, older, gap, manual
	Stale     bool           `json:"stale"`             // it has not succeeded for twice as long as it should
	SHA256    string         `json:"sha256,omitempty"`  // of what was fetched last with success

	marks map[string]mark // by URL or file: what says that it has not changed
}

// mark is what a server, or a folder, said of a file that was taken.
type mark struct {
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"modified,omitempty"`
}

// kept is the part of a state that has no column.
type kept struct {
	Error   string          `json:"error,omitempty"`
	Faults  []*fault.Fault  `json:"faults,omitempty"`
	Refusal string          `json:"refusal,omitempty"`
	SHA256  string          `json:"sha256,omitempty"`
	Marks   map[string]mark `json:"marks,omitempty"`
}

// What bounds a source.
const (
	mostURLs    = 8
	oftenest    = 10 * time.Second
	seldomest   = 31 * 24 * time.Hour
	sourceTopic = "screening.sources"
)

// SourceError is a source that cannot be, and why.
type SourceError struct{ Field, Message string }

func (e *SourceError) Error() string { return e.Field + ": " + e.Message }

// ErrNoSource says that a list is not fetched from anywhere.
var ErrNoSource = errors.New("the list has no source: it is loaded by whoever has the file")

// Check says what is wrong with a source.
func (s *Source) Check() error {
	switch {
	case len(s.URLs) == 0 && s.Folder == "":
		return &SourceError{"urls", "name one URL or more, or a folder"}
	case len(s.URLs) > 0 && s.Folder != "":
		return &SourceError{"folder", "a list comes from URLs or from a folder, not from both"}
	case len(s.URLs) > mostURLs:
		return &SourceError{"urls", fmt.Sprintf("%d are too many; a list has %d files at most", len(s.URLs), mostURLs)}
	case s.Folder != "" && (s.SHA256URL != "" || s.SignatureURL != ""):
		return &SourceError{"folder", "files of a folder are trusted as the folder is; hash and signature are for URLs"}
	case s.SignatureURL != "" && s.PublicKey == "", s.SignatureURL == "" && s.PublicKey != "":
		return &SourceError{"public_key", "a signature needs the key that signs, and a key a signature's URL"}
	case s.SignatureURL != "" && len(s.URLs) > 1 && s.SHA256URL == "":
		return &SourceError{"signature_url", "of several files the file with their SHA-256 is signed: name sha256_url too"}
	}
	for field, urls := range map[string][]string{"urls": s.URLs, "sha256_url": {s.SHA256URL}, "signature_url": {s.SignatureURL}} {
		for _, u := range urls {
			if u == "" && field != "urls" {
				continue
			}
			if p, err := url.Parse(u); err != nil || p.Scheme != "http" && p.Scheme != "https" || p.Host == "" {
				return &SourceError{field, "a URL begins with https:// or http:// and names a host"}
			}
		}
	}
	if _, err := s.interval(); err != nil {
		return err
	}
	if s.PublicKey != "" {
		if _, err := publicKey(s.PublicKey); err != nil {
			return &SourceError{"public_key", err.Error()}
		}
	}
	return nil
}

// Local says that a source's folder is one under the node's own folder of lists, and not any of its machine.
func (s *Source) Local() bool { return s.Folder == "" || filepath.IsLocal(s.Folder) }

func (s *Source) interval() (time.Duration, error) {
	every, err := time.ParseDuration(s.Every)
	if err != nil || every < oftenest || every > seldomest {
		return 0, &SourceError{"every", fmt.Sprintf("%q is no interval from %s to 744h: write 30m or 6h", s.Every, oftenest)}
	}
	return every, nil
}

// publicKey reads base64 of the key's bytes, or PEM.
func publicKey(text string) (ed25519.PublicKey, error) {
	if block, _ := pem.Decode([]byte(text)); block != nil {
		if key, err := x509.ParsePKIXPublicKey(block.Bytes); err == nil {
			if ed, ok := key.(ed25519.PublicKey); ok {
				return ed, nil
			}
		}
		return nil, errors.New("the PEM holds no Ed25519 public key")
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return nil, errors.New("an Ed25519 key is the base64 of its 32 bytes, or PEM")
	}
	return raw, nil
}

// never is when a paused source is due.
var never = time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)

// SetSource says where a list is fetched from; it is fetched at once. What is in force stays until that succeeds.
func SetSource(ctx context.Context, tx store.Tx, name string, s Source, by, role string) error {
	if IsGiven(name) {
		return ErrGiven
	}
	if !validName.MatchString(name) {
		return ErrName
	}
	if err := s.Check(); err != nil {
		return err
	}
	if l, err := readInForce(ctx, tx, name); err != nil {
		return err
	} else if l.format == FormatManual {
		return &Refusal{Name: name, Kind: RefusedManual}
	}
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	due := tx.Now()
	if s.Paused {
		due = never
	}
	if _, err := tx.ExecContext(ctx, `insert into screening_list_source (name, body, actor, changed, due, owner, until, tried, succeeded, failures, state)
		values ($1, $2, $3, $4, $5, '', 0, 0, 0, 0, '{}')
		on conflict (name) do update set body = excluded.body, actor = excluded.actor, changed = excluded.changed, due = excluded.due, owner = '', until = 0, failures = 0, state = '{}'`,
		name, string(body), by, store.Micros(tx.Now()), store.Micros(due)); err != nil {
		return err
	}
	tx.Notify(sourceTopic)
	detail := "every " + s.Every + " from " + strings.Join(append(s.places(), s.Folder), " ")
	if s.Paused {
		detail = "paused; " + detail
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Role: role, Action: "list.source", Touched: []string{name}, Detail: strings.TrimSpace(detail)})
}

// places are the URLs without what may be secret in them.
func (s *Source) places() []string {
	out := make([]string, len(s.URLs))
	for i, u := range s.URLs {
		out[i] = place(u)
	}
	return out
}

// Shown is the source for whoever may not know what is secret in its URLs.
func (s Source) Shown() Source {
	s.URLs = s.places()
	for _, u := range []*string{&s.SHA256URL, &s.SignatureURL} {
		if *u != "" {
			*u = place(*u)
		}
	}
	return s
}

// place is a URL without user, query and fragment: a publisher's token stands in one of them.
func place(u string) string {
	p, err := url.Parse(u)
	if err != nil {
		return "a URL that cannot be read"
	}
	return p.Scheme + "://" + p.Host + p.EscapedPath()
}

// RemoveSource ends the fetching of a list; the list stays as it is.
func RemoveSource(ctx context.Context, tx store.Tx, name, by, role string) error {
	result, err := tx.ExecContext(ctx, `delete from screening_list_source where name = $1`, name)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return ErrNoSource
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Role: role, Action: "list.source", Touched: []string{name}, Detail: "removed"})
}

// FetchNow makes a list be fetched at once, by whichever node has time, although it is not due or paused.
func FetchNow(ctx context.Context, tx store.Tx, name, by, role string) error {
	result, err := tx.ExecContext(ctx, `update screening_list_source set due = $1 where name = $2`, store.Micros(tx.Now()), name)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return ErrNoSource
	}
	tx.Notify(sourceTopic)
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Role: role, Action: "list.fetch", Touched: []string{name}})
}

const sourceColumns = `name, body, actor, changed, due, tried, succeeded, failures, state`

// Sources are where lists are fetched from, by name; of the names given, or all.
func Sources(ctx context.Context, r store.Reader, now time.Time, names ...string) ([]SourceState, error) {
	var out []SourceState
	scan := func(rows *sql.Rows) error {
		s, err := scanSource(rows, now)
		out = append(out, s)
		return err
	}
	var err error
	if len(names) > 0 {
		err = store.ForKeys(ctx, r, `select `+sourceColumns+` from screening_list_source where name in (:keys) order by name`, names, scan)
	} else {
		err = store.Rows(ctx, r, scan, `select `+sourceColumns+` from screening_list_source order by name`)
	}
	return out, err
}

// SourceOf is where one list is fetched from; ErrNoSource when from nowhere.
func SourceOf(ctx context.Context, r store.Reader, now time.Time, name string) (SourceState, error) {
	all, err := Sources(ctx, r, now, name)
	if err != nil {
		return SourceState{}, err
	}
	if len(all) == 0 {
		return SourceState{}, ErrNoSource
	}
	return all[0], nil
}

func scanSource(rows *sql.Rows, now time.Time) (s SourceState, err error) {
	var body, state []byte
	var changed, due, tried, succeeded int64
	if err := rows.Scan(&s.Name, &body, &s.By, &changed, &due, &tried, &succeeded, &s.Failures, &state); err != nil {
		return s, err
	}
	var k kept
	if err := errors.Join(json.Unmarshal(body, &s.Source), json.Unmarshal(state, &k)); err != nil {
		return s, err
	}
	s.Error, s.Faults, s.Refusal, s.SHA256, s.marks = k.Error, k.Faults, k.Refusal, k.SHA256, k.Marks
	s.Changed = store.Time(changed)
	if tried > 0 {
		s.Tried = store.Time(tried)
	}
	if succeeded > 0 {
		s.Succeeded = store.Time(succeeded)
	}
	if s.Due = store.Time(due); !s.Due.Before(never) {
		s.Due = time.Time{}
	}
	every, err := s.interval()
	if err != nil {
		return s, err
	}
	last := s.Changed
	if s.Succeeded.After(last) {
		last = s.Succeeded
	}
	s.Stale = !s.Paused && now.Sub(last) > 2*every
	return s, nil
}
