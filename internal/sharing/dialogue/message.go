package dialogue

import (
	"context"
	"encoding/json"

	"github.com/rihla/rihla/internal/store"
)

// What the body of a REVIEW message is about.
const (
	anInvitation = "invitation" // a meeting was convened, or its draft changed
	theRecord    = "record"     // the host's chair has signed this
	aSignature   = "signature"  // the guest's chair has signed it too
	anObjection  = "objection"  // or has not, and says why
	newsOfAction = "action"     // an action item was done, dropped or taken up again
	aReport      = "report"     // the figures of a period, as this side counted them
)

// message is the body of a REVIEW message.
type message struct {
	Kind      string          `json:"kind"`
	Meeting   string          `json:"meeting,omitempty"`
	Sheet     *sheet          `json:"invitation,omitempty"`
	Record    string          `json:"record,omitempty"` // text, for the signature is over its bytes
	Digest    string          `json:"digest,omitempty"`
	Authority string          `json:"authority,omitempty"`
	Signature string          `json:"signature,omitempty"` // detached
	Reason    string          `json:"reason,omitempty"`
	Action    *actionNews     `json:"action,omitempty"`
	Report    json.RawMessage `json:"report,omitempty"`
}

// actionNews is what an action item has come to.
type actionNews struct {
	ID       string      `json:"id"`
	State    ActionState `json:"state"`
	Evidence string      `json:"evidence,omitempty"`
}

// tell sends a message about a meeting to the partner's chair.
func (r *Room) tell(ctx context.Context, tx store.Tx, m *Meeting, what message) error {
	what.Meeting = m.ID
	body, err := json.Marshal(what)
	if err != nil {
		return err
	}
	return r.o.Send(ctx, tx, Outgoing{Agreement: m.Agreements[0], From: m.Chairs[m.Own], To: m.Chairs[m.Partner], Urgent: m.Urgent, Body: body})
}

// invite tells the partner when, where and about what; what was written down so far stays here.
func (r *Room) invite(ctx context.Context, tx store.Tx, s *sheet) error {
	m := s.Meeting
	m.OpenedBy, m.Objection, m.Signatures, m.Version = "", nil, nil, 0
	agenda := make([]Item, len(s.Agenda))
	for i, item := range s.Agenda {
		item.Minute = nil
		agenda[i] = item
	}
	return r.tell(ctx, tx, &s.Meeting, message{Kind: anInvitation, Sheet: &sheet{Meeting: m, Agenda: agenda}})
}
