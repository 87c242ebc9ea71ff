package post

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// witnessed is the body of a WITNESS, and what the address for heads answers.
type witnessed struct {
	Log   string    `json:"log"`
	Size  int64     `json:"size"`
	Root  string    `json:"root"` // base64
	At    time.Time `json:"at"`
	Note  string    `json:"note"`            // the head as the sender's audit log signed it
	From  int64     `json:"from,omitempty"`  // of the proof
	Proof []string  `json:"proof,omitempty"` // base64: that this head's log begins with that of From entries
}

func (o *Office) ownHead(ctx context.Context) (witnessed, bool, error) {
	h, note, err := o.options.Audit.Latest(ctx, exchangeLog)
	return witnessed{Log: exchangeLog, Size: h.Size, Root: h.Root.String(), At: h.At, Note: note}, note != "", err
}

// witness sends our exchange log's head to a partner when its interval has passed, and has the partner prove that its own
// newest head follows from the one before.
func (o *Office) witness(ctx context.Context, g *ring, p *party) error {
	if o.options.Audit == nil || first(p) == "" || first(g.own) == "" {
		return nil
	}
	if err := o.demandProof(ctx, p); err != nil {
		o.options.Logger.Warn("a partner's head could not be proved yet", "party", p.id, "error", err)
	}
	due, err := o.due(ctx, p.id, "witnessed", o.options.WitnessInterval)
	if err != nil || !due {
		return err
	}
	body, ok, err := o.ownHead(ctx)
	if err != nil || !ok {
		return err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if taken, err := o.takeDue(ctx, tx, p.id, "witnessed", o.options.WitnessInterval); err != nil || !taken {
			return err
		}
		_, err := o.send(ctx, tx, g, Draft{Type: envelope.Witness, From: first(g.own), To: first(p), Body: text})
		return err
	})
}

var insertHead = store.NewInsert("post_head", []string{"party", "size", "root", "at", "note", "came", "proved"}, "on conflict (party, size, root) do nothing")

// learnHead keeps a partner's head. The first is taken as it is; every later one must be proved to follow.
func (o *Office) learnHead(ctx context.Context, tx store.Tx, m Message) error {
	var body witnessed
	if err := unmarshal(m.Body, &body); err != nil {
		return err
	}
	if _, err := tlog.ParseHash(body.Root); err != nil || body.Size < 1 || len(body.Note) > 4<<10 {
		return fmt.Errorf("%w: no head", errUnfit)
	}
	party, _, ok := o.PartyOf(m.Header.From)
	if !ok {
		return nil
	}
	last, had, err := newestHead(ctx, tx, party)
	if err != nil {
		return err
	}
	if had && (body.Size < last.size || body.Size == last.size && body.Root != last.root) {
		return o.disagree(ctx, tx, party, m.Header.ID, head{size: body.Size, root: body.Root},
			fmt.Sprintf("%d entries after %d had been signed, or another root for as many", body.Size, last.size))
	}
	_, err = insertHead.Exec(ctx, tx, [][]any{{party, body.Size, body.Root, store.Micros(body.At), body.Note, store.Micros(tx.Now()), !had}})
	if err != nil || had {
		return err
	}
	return ledger.Record(ctx, tx, actorPost, "", ledger.Step{
		Kind: ledger.Witnessed, Partner: party, Direction: ledger.In, Message: m.Header.ID, Size: body.Size, Root: body.Root,
	})
}

type head struct {
	size int64
	root string
}

func newestHead(ctx context.Context, r store.Reader, party string) (h head, had bool, err error) {
	err = r.QueryRowContext(ctx, "select size, root from post_head where party = $1 order by size desc limit 1", party).Scan(&h.size, &h.root)
	if errors.Is(err, sql.ErrNoRows) {
		return h, false, nil
	}
	return h, err == nil, err
}

// demandProof asks a partner to prove that its newest head follows from the last one proved.
func (o *Office) demandProof(ctx context.Context, p *party) error {
	r := o.store.Read()
	newest, had, err := newestHead(ctx, r, p.id)
	if err != nil || !had || p.url == "" {
		return err
	}
	var proved head
	err = r.QueryRowContext(ctx, "select size, root from post_head where party = $1 and proved = $2 order by size desc limit 1", p.id, true).Scan(&proved.size, &proved.root)
	if err != nil || proved.size >= newest.size {
		return err
	}
	query := url.Values{"from": {strconv.FormatInt(proved.size, 10)}, "size": {strconv.FormatInt(newest.size, 10)}}
	status, answer, err := o.ask(ctx, p, http.MethodGet, PathWitness+"?"+query.Encode(), "", nil)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return &statusError{status, firstLine(answer)}
	}
	failed := checkProof(answer, proved, newest)
	return o.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if failed != nil {
			return o.disagree(ctx, tx, p.id, "", newest, failed.Error())
		}
		_, err := tx.ExecContext(ctx, "update post_head set proved = $1 where party = $2 and size = $3 and root = $4", true, p.id, newest.size, newest.root)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "update post_contact set disagrees = $1 where party = $2", false, p.id); err != nil {
			return err
		}
		return ledger.Record(ctx, tx, actorPost, "", ledger.Step{Kind: ledger.Witnessed, Partner: p.id, Direction: ledger.In, Size: newest.size, Root: newest.root})
	})
}

func checkProof(answer []byte, from, to head) error {
	var body witnessed
	if err := json.Unmarshal(answer, &body); err != nil {
		return fmt.Errorf("its proof cannot be read: %w", err)
	}
	older, errOlder := tlog.ParseHash(from.root)
	newer, errNewer := tlog.ParseHash(to.root)
	if err := errors.Join(errOlder, errNewer); err != nil {
		return err
	}
	proof := make(tlog.TreeProof, len(body.Proof))
	for i, text := range body.Proof {
		var err error
		if proof[i], err = tlog.ParseHash(text); err != nil {
			return fmt.Errorf("its proof cannot be read: %w", err)
		}
	}
	return tlog.CheckTree(proof, to.size, newer, from.size, older)
}

// disagree notes that a partner's log is not what it was: for the log, the pages, and the agreements' own triggers.
func (o *Office) disagree(ctx context.Context, tx store.Tx, party, message string, h head, why string) error {
	tx.After(func() {
		o.options.Logger.Error("a partner's exchange log does not follow from the one before", "party", party, "size", h.size, "why", why)
	})
	_, err := tx.ExecContext(ctx, "update post_contact set disagrees = $1 where party = $2", true, party)
	if err != nil {
		return err
	}
	step := ledger.Step{Kind: ledger.Witnessed, Partner: party, Direction: ledger.In, Message: message, Size: h.size, Root: h.root, Code: "disagreement"}
	if err := ledger.Record(ctx, tx, actorPost, "", step); err != nil {
		return err
	}
	return o.announce(ctx, tx, party)
}

// getHead answers our head, or one of a size that is asked for, with the proof that it follows from an earlier one.
func (o *Office) getHead(w http.ResponseWriter, r *http.Request, _ *party) {
	ctx := r.Context()
	if o.options.Audit == nil {
		http.NotFound(w, r)
		return
	}
	body, ok, err := o.ownHead(ctx)
	if err != nil {
		o.failed(w, err)
		return
	}
	if !ok {
		http.Error(w, "the exchange log has no entry yet", http.StatusNotFound)
		return
	}
	from, errFrom := strconv.ParseInt(cmp.Or(r.URL.Query().Get("from"), "0"), 10, 64)
	size, errSize := strconv.ParseInt(cmp.Or(r.URL.Query().Get("size"), "0"), 10, 64)
	if size == 0 {
		size = body.Size
	}
	if errFrom != nil || errSize != nil || from < 0 || from > size || size > body.Size {
		http.Error(w, fmt.Sprintf("from and size are numbers of entries, from at most size, size at most %d", body.Size), http.StatusBadRequest)
		return
	}
	if size != body.Size {
		root, err := o.options.Audit.Root(ctx, exchangeLog, size)
		if err != nil {
			o.failed(w, err)
			return
		}
		body.Size, body.Root, body.Note = size, root.String(), ""
	}
	if from > 0 {
		proof, err := o.options.Audit.Consistency(ctx, exchangeLog, from, size)
		if err != nil {
			o.failed(w, err)
			return
		}
		body.From = from
		for _, h := range proof {
			body.Proof = append(body.Proof, h.String())
		}
	}
	o.json(w, body)
}

// Proof shows that a message is in this node's exchange log, under a head that it signed.
type Proof struct {
	Message string       `json:"message"`
	Entry   ledger.Entry `json:"entry"`
	Leaf    string       `json:"leaf"` // base64
	Size    int64        `json:"size"`
	Root    string       `json:"root"`
	Path    []string     `json:"path"` // RFC 6962, section 2.1.1
	Head    string       `json:"head"` // the signed head
}

// Prove proves that a message was sent or received: its entry, and the way from it to the newest signed head.
func (o *Office) Prove(ctx context.Context, message string) (Proof, error) {
	entries, err := o.options.Audit.Entries(ctx, audit.Query{Log: exchangeLog, Touched: message})
	if err != nil {
		return Proof{}, err
	}
	for _, n := range entries {
		e, ours, err := ledger.Parse(n)
		if err != nil {
			return Proof{}, err
		}
		if !ours || e.Message != message || e.Kind != ledger.Sent && e.Kind != ledger.Received {
			continue
		}
		h, note, err := o.options.Audit.Latest(ctx, exchangeLog)
		if err != nil {
			return Proof{}, err
		}
		path, err := o.options.Audit.Inclusion(ctx, exchangeLog, n.Number, h.Size)
		if err != nil {
			return Proof{}, err
		}
		p := Proof{Message: message, Entry: e, Leaf: n.Hash().String(), Size: h.Size, Root: h.Root.String(), Head: note, Path: []string{}}
		for _, hash := range path {
			p.Path = append(p.Path, hash.String())
		}
		return p, p.Check()
	}
	return Proof{}, fmt.Errorf("message %s: %w; or its entry waits to be numbered: try again in a second", message, ErrUnknownMessage)
}

// Check reports whether the path leads from the leaf to the root.
func (p Proof) Check() error {
	leaf, errLeaf := tlog.ParseHash(p.Leaf)
	root, errRoot := tlog.ParseHash(p.Root)
	if err := errors.Join(errLeaf, errRoot); err != nil {
		return err
	}
	path := make(tlog.RecordProof, len(p.Path))
	for i, text := range p.Path {
		var err error
		if path[i], err = tlog.ParseHash(text); err != nil {
			return err
		}
	}
	return tlog.CheckRecord(path, p.Size, root, p.Entry.Number-1, leaf)
}
