package screening

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
)

// Proposal is an entry of a list that people keep by hand, as one person proposes it and another decides.
type Proposal struct {
	ID             string       `json:"id"`
	List           string       `json:"list"`
	Action         string       `json:"action"` // add, change, remove
	Entry          string       `json:"entry"`  // its id
	Proposed       *lists.Entry `json:"proposed,omitempty"`
	Before         *lists.Entry `json:"before,omitempty"` // as it was when it was proposed
	Reason         string       `json:"reason"`
	State          string       `json:"state"` // open, approved, denied, withdrawn
	By             string       `json:"by"`
	At             time.Time    `json:"at"`
	DecidedBy      string       `json:"decided_by,omitempty"`
	DecidedAt      time.Time    `json:"decided_at,omitzero"`
	DecisionReason string       `json:"decision_reason,omitempty"`
}

// proposalStates are numbered in the store.
var proposalStates = [...]string{ProposalOpen, ProposalApproved, ProposalDenied, ProposalWithdrawn}

// The states of a proposal.
const (
	ProposalOpen      = "open"
	ProposalApproved  = "approved"
	ProposalDenied    = "denied"
	ProposalWithdrawn = "withdrawn"
)

// Person is who proposes or decides. Two keys of one name are one person.
type Person struct {
	ID, Name, Role string
}

func (p Person) is(id, name string) bool { return p.ID == id || p.Name == name }

// What stands in the way of a proposal or a decision.
var (
	ErrFourEyes   = errors.New("whoever proposed it cannot decide it: a second person does")
	ErrNotTheirs  = errors.New("only whoever proposed it can withdraw it; deny it instead")
	ErrNoProposal = errors.New("there is no such proposal for this list")
	ErrDecided    = errors.New("it is decided already")
	ErrEntryMoved = errors.New("the entry has changed since this was proposed: propose it anew")
	ErrFromFiles  = errors.New("the list comes from files, which would undo what is entered by hand: give such entries a list of their own")
	ErrNoEntry    = errors.New("there is no such entry in the list")
	ErrEntryThere = errors.New("there is an entry of this id in the list: propose to change it")
	ErrEntryID    = errors.New("an entry's id is letters, digits, dots and hyphens, at most 64; leave it out and one is made")
	ErrProposed   = errors.New("another proposal for this entry waits to be decided: decide or withdraw that first")
)

// ActionError is an action that no proposal can have.
type ActionError struct{ Action string }

func (e *ActionError) Error() string {
	return fmt.Sprintf("%q is no action: add, change or remove", e.Action)
}

// kept of a proposal in its body, beside what has columns.
type proposalBody struct {
	Action         string       `json:"action"`
	Proposed       *lists.Entry `json:"proposed,omitempty"`
	Before         *lists.Entry `json:"before,omitempty"`
	Digest         string       `json:"digest,omitempty"` // of the entry it was made for
	Reason         string       `json:"reason"`
	By             string       `json:"by"` // the name; the id is in its column
	DecidedBy      string       `json:"decided_by,omitempty"`
	DecisionReason string       `json:"decision_reason,omitempty"`
}

// Propose writes down what a person wants of a list kept by hand. Nothing changes until a second person approves.
func Propose(ctx context.Context, tx store.Tx, list, action string, e lists.Entry, reason string, by Person) (Proposal, error) {
	if !validName.MatchString(list) {
		return Proposal{}, ErrName
	}
	if err := keptByHand(ctx, tx, list); err != nil {
		return Proposal{}, err
	}
	b := proposalBody{Action: action, Reason: reason, By: by.Name}
	var err error
	if b.Before, b.Digest, err = entryOf(ctx, tx, list, e.ID); err != nil {
		return Proposal{}, err
	}
	switch action {
	case ActionAdd:
		if b.Before != nil {
			return Proposal{}, ErrEntryThere
		}
	case ActionChange, ActionRemove:
		if b.Before == nil {
			return Proposal{}, ErrNoEntry
		}
	default:
		return Proposal{}, &ActionError{action}
	}
	if e.ID != "" && !validName.MatchString(e.ID) {
		return Proposal{}, ErrEntryID
	}
	if action != ActionRemove {
		e, err = lists.ByHand(e, tx.Now())
		if err != nil {
			return Proposal{}, err
		}
		if e.ID == "" {
			number, err := store.NextNumber(ctx, tx, "screening.manual."+list, 1)
			if err != nil {
				return Proposal{}, err
			}
			e.ID = fmt.Sprintf("%s-%05d", strings.ToUpper(list), number)
		}
		b.Proposed = &e
	}
	var open int
	if err := tx.QueryRowContext(ctx, `select count(*) from screening_proposal where list = $1 and entry = $2 and state = 0`, list, e.ID).Scan(&open); err != nil {
		return Proposal{}, err
	}
	if open > 0 {
		return Proposal{}, ErrProposed
	}
	body, err := json.Marshal(b)
	if err != nil {
		return Proposal{}, err
	}
	id := keys.Event()
	if _, err := tx.ExecContext(ctx, `insert into screening_proposal (id, list, entry, state, proposed, actor, decided, decider, body) values ($1, $2, $3, 0, $4, $5, 0, '', $6)`,
		id, list, e.ID, store.Micros(tx.Now()), by.ID, string(body)); err != nil {
		return Proposal{}, err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: by.Name, Role: by.Role, Action: "list.propose", Touched: []string{list, e.ID, id}, Detail: action}); err != nil {
		return Proposal{}, err
	}
	return ProposalOf(ctx, tx, list, id)
}

// keptByHand says that a list may have entries by hand: it has none yet, or is made of them.
func keptByHand(ctx context.Context, tx store.Tx, list string) error {
	if IsGiven(list) {
		return ErrGiven
	}
	l, err := readInForce(ctx, tx, list)
	if err != nil {
		return err
	}
	if l.generation >= 0 && l.format != FormatManual {
		return ErrFromFiles
	}
	var sources int
	if err := tx.QueryRowContext(ctx, `select count(*) from screening_list_source where name = $1`, list).Scan(&sources); err != nil {
		return err
	}
	if sources > 0 {
		return ErrFromFiles
	}
	return nil
}

func entryOf(ctx context.Context, r store.Reader, list, id string) (*lists.Entry, string, error) {
	var digest string
	var body []byte
	err := r.QueryRowContext(ctx, `select digest, body from screening_entry where list = $1 and entry = $2`, list, id).Scan(&digest, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	e := new(lists.Entry)
	return e, digest, json.Unmarshal(body, e)
}

// Decide approves a proposal, and puts it in force in the same transaction, or denies it. Never is it the one who proposed.
func Decide(ctx context.Context, tx store.Tx, list, id string, approve bool, reason string, by Person) (Proposal, error) {
	p, b, err := openProposal(ctx, tx, list, id)
	if err != nil {
		return Proposal{}, err
	}
	if by.is(b.actor, p.By) {
		return Proposal{}, ErrFourEyes
	}
	state := ProposalDenied
	if approve {
		state = ProposalApproved
		if err := apply(ctx, tx, &p, b.Digest, by); err != nil {
			return Proposal{}, err
		}
	}
	return closeProposal(ctx, tx, &p, b, state, reason, by)
}

// WithdrawProposal takes back what one proposed oneself.
func WithdrawProposal(ctx context.Context, tx store.Tx, list, id, reason string, by Person) (Proposal, error) {
	p, b, err := openProposal(ctx, tx, list, id)
	if err != nil {
		return Proposal{}, err
	}
	if !by.is(b.actor, p.By) {
		return Proposal{}, ErrNotTheirs
	}
	return closeProposal(ctx, tx, &p, b, ProposalWithdrawn, reason, by)
}

func openProposal(ctx context.Context, tx store.Tx, list, id string) (Proposal, *storedProposal, error) {
	p, b, err := readProposal(ctx, tx, list, id)
	if err == nil && p.State != ProposalOpen {
		err = ErrDecided
	}
	return p, b, err
}

func closeProposal(ctx context.Context, tx store.Tx, p *Proposal, b *storedProposal, state, reason string, by Person) (Proposal, error) {
	b.DecidedBy, b.DecisionReason = by.Name, reason
	body, err := json.Marshal(b.proposalBody)
	if err != nil {
		return Proposal{}, err
	}
	number := 0
	for i, name := range proposalStates {
		if name == state {
			number = i
		}
	}
	if _, err := tx.ExecContext(ctx, `update screening_proposal set state = $1, decided = $2, decider = $3, body = $4 where id = $5`,
		number, store.Micros(tx.Now()), by.ID, string(body), p.ID); err != nil {
		return Proposal{}, err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: by.Name, Role: by.Role, Action: "list.decide", Touched: []string{p.List, p.Entry, p.ID}, Detail: state + " " + p.Action}); err != nil {
		return Proposal{}, err
	}
	return ProposalOf(ctx, tx, p.List, p.ID)
}

// apply puts an approved proposal in force, as any change of a list.
func apply(ctx context.Context, tx store.Tx, p *Proposal, digest string, by Person) error {
	if err := keptByHand(ctx, tx, p.List); err != nil {
		return err
	}
	_, now, err := entryOf(ctx, tx, p.List, p.Entry)
	if err != nil {
		return err
	}
	if now != digest {
		return ErrEntryMoved
	}
	s := Summary{Name: p.List, Format: FormatManual, Version: tx.Now().UTC().Format(time.RFC3339Nano)}
	if err := tx.QueryRowContext(ctx, `select count(*) from screening_entry where list = $1`, p.List).Scan(&s.Entries); err != nil {
		return err
	}
	c := change{list: p.List, format: s.Format, version: s.Version, by: by.Name}
	switch p.Action {
	case ActionRemove:
		s.Removed, c.gone = 1, []string{p.Entry}
	default:
		// The day of decision counts: what was to come when it was proposed may be over.
		e, err := lists.ByHand(*p.Proposed, tx.Now())
		if err != nil {
			return err
		}
		c.put = []putEntry{{Entry: &e, digest: e.Digest(), known: p.Action == ActionChange}}
		if p.Action == ActionChange {
			s.Changed = 1
		} else {
			s.Added = 1
		}
	}
	s.Entries += s.Added - s.Removed
	c.entries = s.Entries
	if s.Generation, err = c.write(ctx, tx); err != nil {
		return err
	}
	return s.keep(ctx, tx, by.Name, "")
}

type storedProposal struct {
	proposalBody
	actor string
}

const proposalColumns = `id, list, entry, state, proposed, actor, decided, body`

func scanProposal(scan func(...any) error) (p Proposal, b *storedProposal, err error) {
	var state int
	var proposed, decided int64
	var body []byte
	b = new(storedProposal)
	if err := scan(&p.ID, &p.List, &p.Entry, &state, &proposed, &b.actor, &decided, &body); err != nil {
		return p, b, err
	}
	if err := json.Unmarshal(body, &b.proposalBody); err != nil {
		return p, b, err
	}
	if state < 0 || state >= len(proposalStates) {
		return p, b, fmt.Errorf("proposal %s is in state %d, which is none", p.ID, state)
	}
	p.Action, p.Proposed, p.Before, p.Reason, p.By = b.Action, b.Proposed, b.Before, b.Reason, b.By
	p.State, p.At, p.DecidedBy, p.DecisionReason = proposalStates[state], store.Time(proposed), b.DecidedBy, b.DecisionReason
	if decided > 0 {
		p.DecidedAt = store.Time(decided)
	}
	return p, b, nil
}

func readProposal(ctx context.Context, r store.Reader, list, id string) (Proposal, *storedProposal, error) {
	row := r.QueryRowContext(ctx, `select `+proposalColumns+` from screening_proposal where id = $1 and list = $2`, id, list)
	p, b, err := scanProposal(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoProposal
	}
	return p, b, err
}

// ProposalOf is one proposal of a list.
func ProposalOf(ctx context.Context, r store.Reader, list, id string) (Proposal, error) {
	p, _, err := readProposal(ctx, r, list, id)
	return p, err
}

// Proposals gives those of a list, or of all where it is empty, in a state, or in any where that is empty; newest first,
// those older than the id named, at most n.
func Proposals(ctx context.Context, r store.Reader, list, state, before string, n int) ([]Proposal, error) {
	wanted := -1
	for i, name := range proposalStates {
		if name == state {
			wanted = i
		}
	}
	var out []Proposal
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		p, _, err := scanProposal(rows.Scan)
		out = append(out, p)
		return err
	}, `select `+proposalColumns+` from screening_proposal where (list = $1 or $1 = '') and (state = $2 or $2 < 0) and (id < $3 or $3 = '') order by id desc limit $4`, list, wanted, before, n)
	return out, err
}

// OpenProposals counts what waits to be decided, by list.
func OpenProposals(ctx context.Context, r store.Reader) (map[string]int, error) {
	out := make(map[string]int)
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var list string
		var n int
		err := rows.Scan(&list, &n)
		out[list] = n
		return err
	}, `select list, count(*) from screening_proposal where state = 0 group by list`)
	return out, err
}

// ReviewDue counts the entries of a list kept by hand whose day of review has come.
func ReviewDue(ctx context.Context, r store.Reader, list string, today time.Time) (due int, err error) {
	now := today.Format(time.DateOnly)
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var body []byte
		var e struct {
			Review string `json:"review"`
			Until  string `json:"until"`
		}
		if err := rows.Scan(&body); err != nil {
			return err
		}
		if err := json.Unmarshal(body, &e); err != nil {
			return err
		}
		if e.Review != "" && e.Review <= now && (e.Until == "" || e.Until >= now) {
			due++
		}
		return nil
	}, `select body from screening_entry where list = $1`, list)
	return due, err
}
