package agreement

// Request is what conditions see of a request, as `req`. Texts are empty and numbers nought where it does not say.
type Request struct {
	To                  string `cel:"to" json:"to,omitempty"`           // the getter's country, alpha-2
	ToKind              string `cel:"to_kind" json:"to_kind,omitempty"` // authority, named_person
	As                  string `cel:"as" json:"as,omitempty"`           // raw, analysis, summary
	Purpose             string `cel:"purpose" json:"purpose,omitempty"`
	CaseRef             string `cel:"case_ref" json:"case_ref,omitempty"`
	HumanConfirmedBy    string `cel:"human_confirmed_by" json:"human_confirmed_by,omitempty"`
	Justification       string `cel:"justification" json:"justification,omitempty"`
	Facts               string `cel:"facts" json:"facts,omitempty"`
	Follows             string `cel:"follows" json:"follows,omitempty"` // the share whose hit this goes on from
	KeyProfile          string `cel:"key_profile" json:"key_profile,omitempty"`
	ConsentRef          string `cel:"consent_ref" json:"consent_ref,omitempty"`
	Program             string `cel:"program" json:"program,omitempty"`
	BatchSize           int    `cel:"batch_size" json:"batch_size,omitempty"`
	Records             int    `cel:"records" json:"records,omitempty"`
	OffencePenaltyYears int    `cel:"offence_penalty_years" json:"offence_penalty_years,omitempty"`
	HitConfirmed        bool   `cel:"hit_confirmed" json:"hit_confirmed,omitempty"`
	UnmaskApproved      bool   `cel:"unmask_approved" json:"unmask_approved,omitempty"`
	VictimConsent       bool   `cel:"victim_consent" json:"victim_consent,omitempty"`
}

// Subject is what conditions see of the person, as `subject`. Countries are alpha-2.
type Subject struct {
	Kind          string   `cel:"kind" json:"kind,omitempty"` // person, entity, filer, none
	Nationality   string   `cel:"nationality" json:"nationality,omitempty"`
	Age           int      `cel:"age" json:"age"` // −1 where it is not known, which a rule about children takes for a child
	AsylumSeeker  bool     `cel:"asylum_seeker" json:"asylum_seeker,omitempty"`
	ProtectedFrom []string `cel:"protected_from" json:"protected_from,omitempty"`
}

// Nobody is the subject of what concerns no single person: indicators, lists, batches of private matching.
var Nobody = Subject{Kind: "none", Age: 150}

// Record is what conditions see of the record, as `record`.
type Record struct {
	Kind             string  `cel:"kind" json:"kind,omitempty"`
	Referral         string  `cel:"referral" json:"referral,omitempty"`
	Status           string  `cel:"status" json:"status,omitempty"`
	TLP              string  `cel:"tlp" json:"tlp,omitempty"`
	Masked           bool    `cel:"masked" json:"masked,omitempty"`
	FalseDeclaration bool    `cel:"false_declaration" json:"false_declaration,omitempty"`
	VictimIdentified bool    `cel:"victim_identified" json:"victim_identified,omitempty"`
	Consent          bool    `cel:"consent" json:"consent,omitempty"`
	AgeDays          int     `cel:"age_days" json:"age_days,omitempty"`
	Confidence       int     `cel:"confidence" json:"confidence,omitempty"` // of a hundred
	AmountUSD        float64 `cel:"amount_usd" json:"amount_usd,omitempty"`
}

// Self is the side that decides, as `self`.
type Self struct {
	Country string `cel:"country" json:"country"`
}

// Stats are figures of the exchange, as `stats`.
type Stats struct {
	OverdueErasures7d       int     `cel:"overdue_erasures_7d" json:"overdue_erasures_7d,omitempty"`
	Requests30d             int     `cel:"requests_30d" json:"requests_30d,omitempty"`
	WitnessDisagreements24h int     `cel:"witness_disagreements_24h" json:"witness_disagreements_24h,omitempty"`
	OverdueReplies30d       int     `cel:"overdue_replies_30d" json:"overdue_replies_30d,omitempty"`
	HitRate30d              float64 `cel:"hit_rate_30d" json:"hit_rate_30d,omitempty"`
	FalsePositiveRate30d    float64 `cel:"false_positive_rate_30d" json:"false_positive_rate_30d,omitempty"`
}
