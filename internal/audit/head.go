package audit

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/rihla/rihla/internal/store"
)

// KeyName names the key that signs heads.
const KeyName = "rihla-audit"

// Head is what a signed checkpoint says: so many entries, this root, at that time.
type Head struct {
	Log  string
	Size int64
	Root tlog.Hash
	At   time.Time
}

const originPrefix = "rihla/audit/"

// text is the checkpoint's body: origin, size, root, and the time as an extension line.
func (h Head) text() string {
	return fmt.Sprintf("%s%s\n%d\n%s\nat %d\n", originPrefix, h.Log, h.Size, h.Root, store.Micros(h.At))
}

func (h Head) sign(signer note.Signer) (string, error) {
	signed, err := note.Sign(&note.Note{Text: h.text()}, signer)
	return string(signed), err
}

// openHead reads a signed head. It takes one way of writing it only, so that no byte of it can change unseen.
func openHead(signed string, verifier note.Verifier) (Head, error) {
	n, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return Head{}, fmt.Errorf("the signed head: %w", err)
	}
	bad := errors.New("the signed head is not written as this program writes it")
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 5 {
		return Head{}, bad
	}
	var h Head
	var okLog, okAt bool
	h.Log, okLog = strings.CutPrefix(lines[0], originPrefix)
	at, okAt := strings.CutPrefix(lines[3], "at ")
	size, errSize := strconv.ParseInt(lines[1], 10, 64)
	root, errRoot := tlog.ParseHash(lines[2])
	µs, errAt := strconv.ParseInt(at, 10, 64)
	if err := errors.Join(errSize, errRoot, errAt); err != nil || !okLog || !okAt {
		return Head{}, bad
	}
	h.Size, h.Root, h.At = size, root, store.Time(µs)
	// base64 may hold idle bits: write the signature again and compare.
	if len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0 {
		return Head{}, bad
	}
	raw, err := base64.StdEncoding.DecodeString(n.Sigs[0].Base64)
	if err != nil {
		return Head{}, bad
	}
	again := fmt.Sprintf("%s\n— %s %s\n", h.text(), n.Sigs[0].Name, base64.StdEncoding.EncodeToString(raw))
	if again != signed {
		return Head{}, bad
	}
	return h, nil
}
