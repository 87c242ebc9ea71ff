package agreement

import "time"

// Stage is where on its way a message is when the agreement is asked about it.
type Stage string

const (
	Asking    Stage = "asking"    // a request about to leave the asker
	Asked     Stage = "asked"     // a request that came to the holder
	Releasing Stage = "releasing" // data about to leave the giver: a reply, a spontaneous or periodic share
	Arriving  Stage = "arriving"  // data that came to the getter
)

// Flow is one message as the agreement is asked about it, with everything that the answer rests on.
type Flow struct {
	Stage   Stage     `json:"stage"`
	Now     time.Time `json:"now"`
	State   State     `json:"state"`
	Share   string    `json:"share"`
	From    string    `json:"from"` // the authority that sends this message
	To      string    `json:"to"`   // the authority that gets it
	Purpose string    `json:"purpose"`

	// Request, Subject and Record are what conditions look at. Decide fills in what follows from the flow: the purpose,
	// the getter's country, who self is. A record is looked at when data is released; before that none is chosen, and what
	// arrived is held against it only where it is given. Flows without one person have the subject Nobody.
	Request Request `json:"request"`
	Subject Subject `json:"subject"`
	Record  Record  `json:"record"`
	Marked  string  `json:"marked,omitempty"` // of an arriving message: the marking its header says
	Stats   Stats   `json:"stats"`

	Given     Given      `json:"given"`
	Urgent    bool       `json:"urgent,omitempty"`
	Used      Used       `json:"used"`
	Requester string     `json:"requester,omitempty"` // the officer who started this, on the side that is asked to approve
	Approvals []Approval `json:"approvals,omitempty"`
	Confirmed Confirmed  `json:"confirmed"`
	Fields    []string   `json:"fields,omitempty"` // offered
}

// State is what has been done to the agreement since it was signed.
type State struct {
	InForce      bool            `json:"in_force"`
	Suspended    map[string]bool `json:"suspended,omitempty"`     // share ids, or All
	NotReceiving map[string]bool `json:"not_receiving,omitempty"` // ids of parties that get nothing for now
}

// Given are parts of a justification that conditions do not look at. The case reference, the texts and the reference to
// a data subject's consent are in Request.
type Given struct {
	OffenceCode    bool `json:"offence_code,omitempty"`
	PriorReference bool `json:"prior_reference,omitempty"`
	ApplicationRef bool `json:"application_ref,omitempty"`
	UrgencyReason  bool `json:"urgency_reason,omitempty"`
}

// Used is what the quota's window already holds, without this flow.
type Used struct {
	Requests int       `json:"requests"`
	Subjects int       `json:"subjects"`
	Oldest   time.Time `json:"oldest,omitzero"` // the first of them: when the window begins to free up
}

// Approval is one human's yes.
type Approval struct {
	By   string `json:"by"`
	Role string `json:"role"` // a role of the node, or one that the document names
}

// Confirmed says on which side a human has looked at this. The sending side is the one that starts: the asker, or who
// shares unasked; the replying side answers, or gets it.
type Confirmed struct {
	Sending  bool `json:"sending,omitempty"`
	Replying bool `json:"replying,omitempty"`
}

// Verdict is the answer in one word.
type Verdict string

const (
	Permit Verdict = "permit"
	Refuse Verdict = "refuse"
	Need   Verdict = "need" // not yet: a human of the own side is missing
)

// The codes of refusals that a machine may send.
const (
	NotInForce        = "NOT_IN_FORCE"
	Mismatch          = "AGREEMENT_MISMATCH"
	Direction         = "DIRECTION"
	PurposeNotAllowed = "PURPOSE_NOT_ALLOWED"
	NeverRuleHolds    = "NEVER_RULE"
	OverQuota         = "QUOTA"
	Incomplete        = "INCOMPLETE"
	ConditionFalse    = "CONDITION_FALSE"
	ConditionError    = "CONDITION_ERROR"
	NeedsConfirmation = "NEEDS_CONFIRMATION"
	SuspendedNow      = "SUSPENDED"
	Expired           = "EXPIRED"
)

// Outcome is what the agreement says of a flow.
type Outcome struct {
	Verdict    Verdict       `json:"verdict"`
	Code       string        `json:"code,omitempty"`
	Reason     string        `json:"reason,omitempty"` // in English, for the own side
	Clause     string        `json:"clause,omitempty"` // never.rules.N1, shares.T2.quota
	Rule       string        `json:"rule,omitempty"`   // the never-rule that holds
	AsNoHit    bool          `json:"as_no_hit,omitempty"`
	Alert      bool          `json:"alert,omitempty"` // a condition could not be evaluated: the watcher is told
	RetryAfter time.Duration `json:"retry_after,omitempty"`
	Need       []Missing     `json:"need,omitempty"`
	Keep       []string      `json:"keep,omitempty"`
	Dropped    []Dropped     `json:"dropped,omitempty"`
	Handling   Handling      `json:"handling"`
	DueAt      time.Time     `json:"due_at,omitzero"` // when the answer to a request is due, counted from Now
	EraseAt    time.Time     `json:"erase_at,omitzero"`
	NoHitUntil time.Time     `json:"no_hit_until,omitzero"` // when all is erased, should there be no hit
	ReviewAt   time.Time     `json:"review_at,omitzero"`
	MaskAt     time.Time     `json:"mask_at,omitzero"`
}

// Missing is what a flow still needs before it may pass.
type Missing struct {
	Kind  string `json:"kind"` // approval, second_approval, confirmation
	Role  string `json:"role,omitempty"`
	Count int    `json:"count"` // in all
	Have  int    `json:"have"`
}

// Dropped is a field that stays, and the clause that keeps it.
type Dropped struct {
	Field  string `json:"field"`
	Clause string `json:"clause"`
	Why    string `json:"why"`
}

// Handling is stamped on what leaves.
type Handling struct {
	TLP     string   `json:"tlp,omitempty"`
	Caveats []string `json:"caveats,omitempty"`
}
