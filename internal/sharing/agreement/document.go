package agreement

// Document is one version of one agreement as its parties signed it. JSON names are the YAML's.
type Document struct {
	APIVersion string     `json:"apiVersion"`
	Kind       string     `json:"kind"`
	Metadata   Metadata   `json:"metadata"`
	Parties    []Party    `json:"parties"`
	LegalBasis []Basis    `json:"legal_basis"`
	Domains    []string   `json:"domains"`
	Purposes   []Purpose  `json:"purposes"`
	Never      Never      `json:"never"`
	Shares     []Share    `json:"shares"`
	Duties     Duties     `json:"duties"`
	Suspension Suspension `json:"suspension"`
	Review     Review     `json:"review"`
	Transport  Transport  `json:"transport"`

	// Roles says which of a node's roles stands for a role that the document names, where the usual reading is not meant.
	Roles map[string]string `json:"roles,omitempty"`
}

// Metadata names a version and says from when until when it holds. Texts that end in _ar are the Arabic of what they
// stand beside, and may be absent.
type Metadata struct {
	ID         string     `json:"id"`
	Version    int        `json:"version"`
	Title      string     `json:"title"`
	TitleAr    string     `json:"title_ar,omitempty"`
	Status     string     `json:"status"` // draft, signed, in_force, suspended, terminated
	Effective  Date       `json:"effective"`
	Expires    Date       `json:"expires"` // the first day on which it no longer holds
	Supersedes *Supersede `json:"supersedes,omitempty"`
	Language   string     `json:"language,omitempty"`
}

// Supersede pins the version that this one replaces.
type Supersede struct {
	Version int    `json:"version"`
	Digest  string `json:"digest"`
}

// Party is one of the two states.
type Party struct {
	ID          string      `json:"id"`
	Country     string      `json:"country"` // ISO 3166-1 alpha-2
	Authorities []Authority `json:"authorities"`
}

// Authority is an office of a party that sends and receives, or one that watches.
type Authority struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	NameAr  string   `json:"name_ar,omitempty"`
	Domains []string `json:"domains"`
	JWKS    string   `json:"jwks,omitempty"`
	Contact string   `json:"contact"`
}

// Basis is law or decision that the agreement stands on.
type Basis struct {
	Ref    string `json:"ref"`
	Note   string `json:"note,omitempty"`
	NoteAr string `json:"note_ar,omitempty"`
}

// Purpose is what data may be asked and used for.
type Purpose struct {
	ID              string `json:"id"`
	Text            string `json:"text"`
	TextAr          string `json:"text_ar,omitempty"`
	MinPenaltyYears int    `json:"min_penalty_years,omitempty"`
	Consent         string `json:"consent,omitempty"` // data_subject
}

// Never is what no share can allow.
type Never struct {
	Fields []string    `json:"fields"`
	Rules  []NeverRule `json:"rules"`
}

// NeverRule forbids whatever its condition holds of.
type NeverRule struct {
	ID       string `json:"id"`
	When     string `json:"when"`
	Reason   string `json:"reason"`
	ReasonAr string `json:"reason_ar,omitempty"`
	Answer   string `json:"answer,omitempty"` // refuse, or as_no_hit: the partner sees an ordinary no-hit
}

// Share is one thing that may flow.
type Share struct {
	ID            string          `json:"id"`
	Title         string          `json:"title"`
	TitleAr       string          `json:"title_ar,omitempty"`
	Category      string          `json:"category"`
	Mode          string          `json:"mode"`
	Trigger       string          `json:"trigger"`
	From          OneOrMore       `json:"from"` // parties that give
	To            OneOrMore       `json:"to"`   // parties that get
	Purposes      []string        `json:"purposes"`
	Fields        []string        `json:"fields"`
	When          string          `json:"when"`
	Justification Justification   `json:"justification"`
	Approval      ApprovalTerms   `json:"approval"`
	Confirmation  string          `json:"human_confirmation"`
	ReplyWithin   Duration        `json:"reply_within,omitzero"`
	UrgentWithin  Duration        `json:"urgent_reply_within,omitzero"`
	Quota         *Quota          `json:"quota,omitempty"`
	Retention     Retention       `json:"retention"`
	Onward        *Onward         `json:"onward,omitempty"`
	Handling      HandlingClauses `json:"handling"`
}

// OneOrMore party ids; the document may write a single one without a list.
type OneOrMore []string

// Justification is what a request has to bring with it.
type Justification struct {
	Required       bool   `json:"required"`
	MinChars       int    `json:"min_chars,omitempty"`
	CaseRef        string `json:"case_ref,omitempty"` // required, as those below
	OffenceCode    string `json:"offence_code,omitempty"`
	PriorReference string `json:"prior_reference,omitempty"`
	ApplicationRef string `json:"application_ref,omitempty"`
}

// ApprovalTerms say who lets data out.
type ApprovalTerms struct {
	Release       string   `json:"release"` // officer or standing
	Role          string   `json:"role,omitempty"`
	Count         int      `json:"count,omitempty"`
	NotRequester  bool     `json:"not_requester,omitempty"`
	SecondWhen    string   `json:"second_when,omitempty"`
	SecondRole    string   `json:"second_role,omitempty"`
	StandingUntil Date     `json:"standing_until,omitzero"` // the last day on which it holds
	SignedBy      []string `json:"signed_by,omitempty"`
}

// Quota bounds how often may be asked, in a window that slides.
type Quota struct {
	Window       Duration `json:"window"`
	Requests     int      `json:"requests"`
	Subjects     int      `json:"subjects"`
	HitRateFloor float64  `json:"hit_rate_floor,omitempty"`
}

// Retention is how long the receiver may keep what it got.
type Retention struct {
	Max             Duration `json:"max"`
	OnNoHit         Duration `json:"on_no_hit,omitzero"`
	DepersonaliseAt Duration `json:"depersonalise_after,omitzero"`
	Dormant         Duration `json:"dormant,omitzero"`
	ReviewEvery     Duration `json:"review_every,omitzero"`
	AfterRefusal    Duration `json:"on_refusal,omitzero"`
	AfterRevocation Duration `json:"on_revocation,omitzero"`
}

// Onward says whether the receiver may pass it on.
type Onward struct {
	Rule        string   `json:"rule"` // forbid, consent, allowed, by_tlp
	ToKinds     []string `json:"to_kinds,omitempty"`
	ThirdState  string   `json:"third_state,omitempty"` // forbid or consent; absent forbids
	ReplyWithin Duration `json:"reply_within,omitzero"`
}

// HandlingClauses are the markings that data carries.
type HandlingClauses struct {
	TLP     string   `json:"tlp"` // or from_record: each record carries its own
	Caveats []string `json:"caveats"`
}

// Duties are the clocks owed by whoever received data.
type Duties struct {
	AcknowledgeWithin      Duration `json:"acknowledge_within,omitzero"`
	ReceiptWithin          Duration `json:"receipt_within,omitzero"`
	RefusalNeedsReason     bool     `json:"refusal_needs_reason"`
	CorrectionNoticeWithin Duration `json:"correction_notice_within,omitzero"`
	CorrectionEffectWithin Duration `json:"correction_effect_within,omitzero"`
	ErasureEffectWithin    Duration `json:"erasure_effect_within,omitzero"`
	ErasureReceiptWithin   Duration `json:"erasure_receipt_within,omitzero"`
	BreachNoticeWithin     Duration `json:"breach_notice_within,omitzero"`
	AccessReplyWithin      Duration `json:"individual_access_reply_within,omitzero"`
	LogsKept               Duration `json:"logs_kept,omitzero"`
	OversightMayRead       []string `json:"oversight_may_read"`
}

// Suspension is how flows are stopped.
type Suspension struct {
	Who          string    `json:"who"` // either_party
	ImmediateFor []string  `json:"immediate_for,omitempty"`
	Notice       Duration  `json:"notice"`
	Triggers     []Trigger `json:"triggers,omitempty"`
	DataBefore   string    `json:"data_received_before"` // keep_and_honour_duties
}

// Trigger acts by itself when its condition over the figures holds.
type Trigger struct {
	ID     string `json:"id"`
	When   string `json:"when"`
	Action string `json:"action"` // alert, suspend_share, suspend_receiving
	Share  string `json:"share"`  // or all
}

// All is the scope of a suspension that stops every share.
const All = "all"

// Review is how often the two look at it together.
type Review struct {
	Cadence         Duration `json:"cadence"`
	JointEvaluation Duration `json:"joint_evaluation,omitzero"`
	Chairs          []string `json:"chairs"`
	Observers       []string `json:"observers,omitempty"`
}

// Transport is how messages are sealed and how long they live.
type Transport struct {
	Envelope        string   `json:"envelope"`
	Encryption      string   `json:"encryption"`
	MaxClockSkew    Duration `json:"max_clock_skew"`
	MessageTTL      Duration `json:"message_ttl"`
	WitnessInterval Duration `json:"witness_interval"`
}
