package sharing

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// The states of what was exchanged.
const (
	stands     = "held"
	restricted = "restricted" // for redress only
	contested  = "contested"  // in dispute: shown with the mark
	erased     = "erased"
)

// Record is data of a person that came from the partner, or was given to it. Its values are sealed.
type Record struct {
	ID        string         `json:"id"`
	Thread    string         `json:"thread"`
	Message   string         `json:"message"`
	Agreement string         `json:"agreement"`
	Version   int            `json:"version"`
	Share     string         `json:"share"`
	Direction string         `json:"direction" enum:"in,out"`
	Partner   string         `json:"partner"`
	Purpose   string         `json:"purpose" doc:"What it may be used for; several, with blanks between, where the giver consented"`
	Reference string         `json:"reference,omitempty"`
	Fields    []string       `json:"fields"`
	TLP       string         `json:"tlp,omitempty"`
	Caveats   []string       `json:"caveats,omitempty"`
	State     string         `json:"state" enum:"held,restricted,contested,erased"`
	StoredAt  time.Time      `json:"stored_at"`
	EraseAt   time.Time      `json:"erase_at,omitzero"`
	ReviewAt  time.Time      `json:"review_at,omitzero"`
	MaskAt    time.Time      `json:"mask_at,omitzero" doc:"When what identifies the person is taken out; gone once it was"`
	ErasedAt  time.Time      `json:"erased_at,omitzero"`
	Cause     string         `json:"cause,omitempty" doc:"Of the erasure"`
	Proof     string         `json:"proof,omitempty" doc:"Digest of what was erased, under a key that went with it"`
	Values    map[string]any `json:"values,omitempty"`

	digest string // of the agreement's version
}

const recordColumns = `id, thread, message, agreement, version, digest, share, direction, partner, purpose, reference, fields, tlp, caveats,
	state, stored_at, erase_at, review_at, mask_at, erased_at, cause, proof`

var saveRecord = store.NewInsert("sharing_record",
	[]string{
		"id", "thread", "message", "agreement", "version", "digest", "share", "direction", "partner", "purpose", "reference", "fields", "tlp", "caveats",
		"state", "stored_at", "erase_at", "review_at", "mask_at", "erased_at", "cause", "proof",
	},
	`on conflict (id) do update set state = excluded.state, purpose = excluded.purpose, fields = excluded.fields, erase_at = excluded.erase_at, review_at = excluded.review_at, mask_at = excluded.mask_at,
		erased_at = excluded.erased_at, cause = excluded.cause, proof = excluded.proof`)

func (c *Record) save(ctx context.Context, tx store.Tx) error {
	return saveRecords(ctx, tx, []Record{*c})
}

func saveRecords(ctx context.Context, tx store.Tx, all []Record) error {
	rows := make([][]any, len(all))
	for i := range all {
		c := &all[i]
		rows[i] = []any{
			c.ID, c.Thread, c.Message, c.Agreement, int64(c.Version), c.digest, c.Share, c.Direction, c.Partner, c.Purpose, c.Reference,
			strings.Join(c.Fields, " "), c.TLP, strings.Join(c.Caveats, " "), c.State, store.Micros(c.StoredAt), store.Micros(c.EraseAt),
			store.Micros(c.ReviewAt), store.Micros(c.MaskAt), store.Micros(c.ErasedAt), c.Cause, c.Proof,
		}
	}
	_, err := saveRecord.Exec(ctx, tx, rows)
	return err
}

func scanRecord(row interface{ Scan(...any) error }) (c Record, err error) {
	var fields, caveats string
	var storedAt, eraseAt, reviewAt, maskAt, erasedAt int64
	err = row.Scan(&c.ID, &c.Thread, &c.Message, &c.Agreement, &c.Version, &c.digest, &c.Share, &c.Direction, &c.Partner, &c.Purpose, &c.Reference,
		&fields, &c.TLP, &caveats, &c.State, &storedAt, &eraseAt, &reviewAt, &maskAt, &erasedAt, &c.Cause, &c.Proof)
	c.Fields, c.Caveats = strings.Fields(fields), strings.Fields(caveats)
	c.StoredAt, c.EraseAt, c.ReviewAt = store.Time(storedAt), store.Time(eraseAt), store.Time(reviewAt)
	c.MaskAt, c.ErasedAt = store.Time(maskAt), store.Time(erasedAt)
	return c, err
}

func records(ctx context.Context, r store.Reader, where string, args ...any) (out []Record, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		c, err := scanRecord(rows)
		out = append(out, c)
		return err
	}, "select "+recordColumns+" from sharing_record where "+where, args...)
	return out, err
}

// keep stores what was exchanged in a message, sealed, with its purpose and its last day.
func (r *Room) keep(ctx context.Context, tx store.Tx, v Version, t *Thread, message, direction string, values map[string]any, o agreement.Outcome, now time.Time) error {
	return r.keepParts(ctx, tx, v, t, message, direction, []part{{message, t.Reference, values, o}}, now)
}

// part is one of several things that a message brings.
type part struct {
	id, reference string
	values        map[string]any
	outcome       agreement.Outcome
}

// keepParts stores what a message brought, each thing as a record of its own.
func (r *Room) keepParts(ctx context.Context, tx store.Tx, v Version, t *Thread, message, direction string, parts []part, now time.Time) error {
	kept, sealed := make([]Record, len(parts)), map[string][]byte{}
	for i, p := range parts {
		body, err := json.Marshal(p.values)
		if err != nil {
			return err
		}
		sealed[p.id] = body
		kept[i] = r.record(v, t, message, direction, p, now)
	}
	if err := r.vault.putAll(ctx, tx, sealed); err != nil {
		return err
	}
	if err := saveRecords(ctx, tx, kept); err != nil {
		return err
	}
	share, known := v.Share(t.Share)
	if !known || direction != ledger.In {
		return nil
	}
	if isListed(share.Category) {
		return r.list(ctx, tx, v, share, kept)
	}
	for i := range kept {
		if err := r.arrived(ctx, tx, &kept[i], share, t.CaseRef, kept[i].Values); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) record(v Version, t *Thread, message, direction string, p part, now time.Time) Record {
	o := &p.outcome
	return Record{
		ID: p.id, Thread: t.ID, Message: message, Agreement: t.Agreement, Version: v.Number, digest: v.Digest, Share: t.Share, Direction: direction,
		Partner: t.Partner, Purpose: t.Purpose, Reference: p.reference, Fields: fieldNames(p.values), TLP: o.Handling.TLP, Caveats: o.Handling.Caveats,
		State: stands, StoredAt: now, EraseAt: o.EraseAt, ReviewAt: o.ReviewAt, MaskAt: o.MaskAt, Values: p.values,
	}
}

// values opens a record.
func (r *Room) values(ctx context.Context, rd store.Reader, c *Record) error {
	body, err := r.vault.get(ctx, rd, c.ID)
	if errors.Is(err, keys.ErrDestroyed) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(body, &c.Values)
}

// identifying takes out of a record's values what identifies a person, and names what it took.
func (c *Record) identifying() (taken []string) {
	for name := range c.Values {
		if f, known := agreement.Lookup(name); !known || f.Class != agreement.Plain {
			delete(c.Values, name)
			taken = append(taken, name)
		}
	}
	slices.Sort(taken)
	return taken
}

// erase makes a record unreadable for good, and leaves the proof. The digest's key is never kept: it tells that something
// was erased, to whoever saw it before, and nothing of what.
func (r *Room) erase(ctx context.Context, tx store.Tx, c *Record, cause, replyTo string, now time.Time) (proof, error) {
	body, err := r.vault.get(ctx, tx, c.ID)
	if err != nil && !errors.Is(err, keys.ErrDestroyed) {
		return proof{}, err
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	h := hmac.New(sha256.New, key)
	h.Write(body)
	due := c.EraseAt
	c.State, c.ErasedAt, c.Cause, c.Proof = erased, now, cause, "hmac-sha-256:"+hex.EncodeToString(h.Sum(nil))
	if err := r.vault.destroy(ctx, tx, c.ID); err != nil {
		return proof{}, err
	}
	if c.ID == c.Message { // of several in one message, the message goes when the partner has it
		if err := r.Post.Erase(ctx, tx, c.Message); err != nil {
			return proof{}, err
		}
	}
	if err := c.save(ctx, tx); err != nil {
		return proof{}, err
	}
	if err := r.dropped(ctx, tx, c); err != nil {
		return proof{}, err
	}
	step := ledger.Step{
		Kind: ledger.Erased, Agreement: c.Agreement, Version: c.Version, Share: c.Share, Partner: c.Partner, Direction: c.Direction, Thread: c.Thread,
		Message: c.Message, InReplyTo: replyTo, Code: cause, Digest: c.Proof, Late: cause == "expired" && now.After(due.Add(erasesWithin)),
	}
	if cause == "expired" {
		step.Due = due
	}
	if err := ledger.Record(ctx, tx, machine, "", step); err != nil {
		return proof{}, err
	}
	return proof{Reference: c.Reference, Digest: c.Proof, ErasedAt: now, Cause: cause}, nil
}

// Received gives what came for a purpose, newest first. For another purpose it finds nothing: that is the agreement's rule,
// and asking for it is in the log.
func (r *Room) Received(ctx context.Context, by access.Principal, agreementID, purpose, after string, n int) ([]Record, error) {
	if purpose == "" {
		return nil, api.Errorf(api.Unprocessable, "name the purpose: what was received for one is not found for another")
	}
	if err := r.told(ctx, by, "exchange.search "+purpose, agreementID); err != nil {
		return nil, err
	}
	escaped := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.TrimSpace(purpose))
	found, err := records(ctx, r.store.Read(), "direction = 'in' and agreement = $1 and ' ' || purpose || ' ' like $2 escape '\\' and state <> 'restricted' and ($3 = '' or id < $3) order by id desc limit $4",
		agreementID, "% "+escaped+" %", after, n)
	if err != nil {
		return nil, err
	}
	out := []Record{}
	for i := range found {
		c := &found[i]
		v, known, err := r.shelf.of(ctx, r.store.Read(), c.Agreement, c.digest)
		if err != nil {
			return nil, err
		}
		if !known {
			continue
		}
		if share, known := v.Share(c.Share); !known || !sees(by.Role, domainOf(share.Category)) {
			continue
		}
		out = append(out, *c)
	}
	return out, nil
}
