package screening

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/rihla/rihla/internal/screening/lists"
)

// What bounds a download. The largest list in public use is some 400 megabytes unpacked.
const (
	mostDownload   = 512 << 20 // bytes of all files of a list, unpacked
	mostSignature  = 1 << 20   // bytes of a file of hashes or a signature
	downloadWithin = 10 * time.Minute
	answerWithin   = time.Minute // for a server to begin
	mostRedirects  = 5
	settledAfter   = 2 * time.Second // a file that changed later is still being written
)

// downloader gets the files of a list.
type downloader struct {
	client *http.Client
	folder string
}

func newDownloader(folder string) *downloader {
	dial := &net.Dialer{Timeout: 15 * time.Second, Control: guarded}
	return &downloader{folder: folder, client: &http.Client{
		Timeout: downloadWithin,
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: dial.DialContext, TLSHandshakeTimeout: 15 * time.Second,
			ResponseHeaderTimeout: answerWithin, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(to *http.Request, via []*http.Request) error {
			switch {
			case len(via) > mostRedirects:
				return errors.New("it redirects again and again")
			case via[0].URL.Scheme == "https" && to.URL.Scheme != "https":
				return errors.New("it redirects from https to http")
			}
			return nil
		},
	}}
}

// guarded keeps a source from reaching what only the machine itself should: the metadata services of clouds live at
// link-local addresses.
func guarded(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if ip := at.Addr().Unmap(); ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return fmt.Errorf("%s is no address that lists are fetched from", ip)
	}
	return nil
}

// unsettledError is a file that somebody is still writing.
type unsettledError struct{ wait time.Duration }

func (*unsettledError) Error() string { return "the file is still being written" }

// get gives the files of a source, and what will say that they have not changed; no files when they have not.
func (d *downloader) get(ctx context.Context, s *SourceState) ([]lists.File, map[string]mark, error) {
	if s.Folder != "" {
		return d.fromFolder(s)
	}
	marks := make(map[string]mark, len(s.URLs))
	files := make([]lists.File, len(s.URLs))
	room := int64(mostDownload)
	fetch := func(i int, known mark) (same bool, err error) {
		data, m, same, err := d.one(ctx, s.URLs[i], known, room)
		if err == nil && !same {
			room -= int64(len(data))
			files[i], marks[s.URLs[i]] = lists.File{Name: fileName(s.URLs[i]), Data: data}, m
		}
		return same, err
	}
	var unchanged []int
	for i, u := range s.URLs {
		same, err := fetch(i, s.marks[u])
		if err != nil {
			return nil, nil, err
		}
		if same {
			unchanged = append(unchanged, i)
		}
	}
	if len(unchanged) == len(s.URLs) {
		return nil, s.marks, nil
	}
	for _, i := range unchanged { // the others have changed, and belong to it
		if _, err := fetch(i, mark{}); err != nil {
			return nil, nil, err
		}
	}
	if err := d.trust(ctx, &s.Source, files); err != nil {
		return nil, nil, err
	}
	return files, marks, nil
}

func fileName(u string) string {
	p, err := url.Parse(u)
	if err != nil || path.Base(p.Path) == "/" || path.Base(p.Path) == "." {
		return "list"
	}
	return path.Base(p.Path)
}

// one gets one file, unless the server says that it is as it was.
func (d *downloader) one(ctx context.Context, from string, known mark, room int64) (data []byte, m mark, same bool, err error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, m, false, fmt.Errorf("%s: it is no URL that can be fetched", place(from))
	}
	q.Header.Set("User-Agent", "rihla")
	if known.ETag != "" {
		q.Header.Set("If-None-Match", known.ETag)
	}
	if known.Modified != "" {
		q.Header.Set("If-Modified-Since", known.Modified)
	}
	a, err := d.client.Do(q)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err // its own text has the whole URL, and with it a token
		}
		return nil, m, false, fmt.Errorf("%s cannot be fetched: %w", place(from), err)
	}
	defer a.Body.Close()
	switch {
	case a.StatusCode == http.StatusNotModified && known != mark{}:
		return nil, known, true, nil
	case a.StatusCode != http.StatusOK:
		return nil, m, false, fmt.Errorf("%s answered %s", place(from), a.Status)
	case a.ContentLength > room:
		return nil, m, false, tooLarge(from)
	}
	data, err = bounded(a.Body, room)
	if err == nil && bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		var unpack *gzip.Reader
		if unpack, err = gzip.NewReader(bytes.NewReader(data)); err == nil {
			data, err = bounded(unpack, room)
		}
	}
	switch {
	case errors.Is(err, errTooLarge):
		return nil, m, false, tooLarge(from)
	case err != nil:
		return nil, m, false, fmt.Errorf("%s did not arrive whole: %w", place(from), err)
	case len(data) == 0:
		return nil, m, false, fmt.Errorf("%s answered with nothing", place(from))
	}
	return data, mark{a.Header.Get("ETag"), a.Header.Get("Last-Modified")}, false, nil
}

var errTooLarge = errors.New("larger than it may be")

func tooLarge(from string) error {
	return fmt.Errorf("%s: the list's files are larger than %d MiB together; split it into several lists", place(from), mostDownload>>20)
}

func bounded(from io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(from, most+1))
	if err == nil && int64(len(data)) > most {
		return nil, errTooLarge
	}
	return data, err
}

// trust checks the files against the hashes and the signature that the publisher keeps beside them.
func (d *downloader) trust(ctx context.Context, s *Source, files []lists.File) error {
	signed, signedName := files[0].Data, files[0].Name
	if s.SHA256URL != "" {
		hashes, _, _, err := d.one(ctx, s.SHA256URL, mark{}, mostSignature)
		if err != nil {
			return err
		}
		for _, f := range files {
			if !hashed(hashes, f, len(files)) {
				return fmt.Errorf("%s is not what %s says: its SHA-256 is another", f.Name, place(s.SHA256URL))
			}
		}
		signed, signedName = hashes, fileName(s.SHA256URL)
	}
	if s.SignatureURL == "" {
		return nil
	}
	raw, _, _, err := d.one(ctx, s.SignatureURL, mark{}, mostSignature)
	if err != nil {
		return err
	}
	key, err := publicKey(s.PublicKey)
	if err != nil {
		return err
	}
	if !ed25519.Verify(key, signed, signature(raw)) {
		return fmt.Errorf("the signature at %s is not of this %s by the key that is pinned", place(s.SignatureURL), signedName)
	}
	return nil
}

// hashed finds the hash of a file: a line with its name, or the only one there is.
func hashed(hashes []byte, f lists.File, files int) bool {
	sum := sha256.Sum256(f.Data)
	want := hex.EncodeToString(sum[:])
	for line := range strings.Lines(string(hashes)) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || !strings.EqualFold(fields[0], want):
		case len(fields) == 1 && files == 1:
			return true
		case len(fields) == 2 && (files == 1 || path.Base(strings.TrimPrefix(fields[1], "*")) == f.Name):
			return true
		}
	}
	return false
}

// signature is 64 bytes as they are, or as hexadecimal digits or base64.
func signature(raw []byte) []byte {
	if len(raw) == ed25519.SignatureSize {
		return raw
	}
	text := strings.TrimSpace(string(raw))
	if b, err := hex.DecodeString(text); err == nil && len(b) == ed25519.SignatureSize {
		return b
	}
	if b, err := base64.StdEncoding.DecodeString(text); err == nil {
		return b
	}
	return nil
}

// fromFolder reads a file, or the newest of a folder with those that belong to it.
func (d *downloader) fromFolder(s *SourceState) ([]lists.File, map[string]mark, error) {
	base, name := filepath.Dir(s.Folder), filepath.Base(s.Folder)
	if filepath.IsLocal(s.Folder) {
		if d.folder == "" {
			return nil, nil, errors.New("the node has no folder of lists; name the folder from its root")
		}
		base, name = d.folder, s.Folder
		if err := os.MkdirAll(base, 0o700); err != nil {
			return nil, nil, err
		}
	}
	root, err := os.OpenRoot(base)
	if err != nil {
		return nil, nil, folderFault(s.Folder, err)
	}
	defer root.Close()
	at, err := root.Stat(name)
	if err != nil {
		return nil, nil, folderFault(s.Folder, err)
	}
	names := []string{path.Base(filepath.ToSlash(name))}
	if at.IsDir() {
		inside, err := root.OpenRoot(name)
		if err != nil {
			return nil, nil, folderFault(s.Folder, err)
		}
		defer inside.Close()
		root = inside
		if names, err = newest(inside); err != nil {
			return nil, nil, folderFault(s.Folder, err)
		}
	} else if dir := filepath.Dir(name); dir != "." {
		inside, err := root.OpenRoot(dir)
		if err != nil {
			return nil, nil, folderFault(s.Folder, err)
		}
		defer inside.Close()
		root = inside
	}
	return readFolder(root, names, s.marks)
}

func folderFault(folder string, err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	}
	return fmt.Errorf("folder %s: %w", folder, err)
}

// newest names the file of a folder that changed last, or the head of a list of several files; with its companions.
func newest(root *os.Root) ([]string, error) {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, err
	}
	var name string
	var at time.Time
	there := make(map[string]bool)
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || passing(e.Name()) {
			continue
		}
		there[e.Name()] = true
		heads, isHead := len(lists.Companions(name)) > 0, len(lists.Companions(e.Name())) > 0
		if name == "" || isHead && !heads || isHead == heads && info.ModTime().After(at) {
			name, at = e.Name(), info.ModTime()
		}
	}
	if name == "" {
		return nil, errors.New("there is no file in it")
	}
	return append([]string{name}, slices.DeleteFunc(lists.Companions(name), func(c string) bool { return !there[c] })...), nil
}

// passing says that a file's name is of one that is not there to stay.
func passing(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".part", ".tmp", ".swp", ".sha256", ".sig":
		return true
	}
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~")
}

func readFolder(root *os.Root, names []string, known map[string]mark) ([]lists.File, map[string]mark, error) {
	marks := make(map[string]mark, len(names))
	same, size := len(known) == len(names), int64(0)
	for _, name := range names {
		info, err := root.Stat(name)
		if err != nil {
			return nil, nil, folderFault(name, err)
		}
		if age := time.Since(info.ModTime()); age >= 0 && age < settledAfter {
			return nil, nil, &unsettledError{settledAfter - age}
		}
		marks[name] = mark{Modified: fmt.Sprintf("%d bytes, %s", info.Size(), info.ModTime().UTC().Format(time.RFC3339Nano))}
		same = same && known[name] == marks[name]
		size += info.Size()
	}
	if same {
		return nil, marks, nil
	}
	if size > mostDownload {
		return nil, nil, tooLarge(names[0])
	}
	files := make([]lists.File, len(names))
	for i, name := range names {
		data, err := root.ReadFile(name)
		if err != nil {
			return nil, nil, folderFault(name, err)
		}
		files[i] = lists.File{Name: name, Data: data}
	}
	return files, marks, nil
}
