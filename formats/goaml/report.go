package goaml

import (
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
)

// Format is the name of this format in the public contract.
const Format = "goaml"

// Document is one report as it was read, with what is wrong with it.
type Document struct {
	Report
	Stage    Stage
	Warnings []fault.Fault // schema and business faults, in the order of the file
	Unknown  []Unknown     // elements the schema does not know, as they stand
	More     int           // faults beyond those that are listed
	Offset   int           // of the report in its file
	Length   int
}

// Refused tells whether a unit would send the report back.
func (d *Document) Refused() bool { return d.Stage != Accepted }

// Stage is how far a report came.
type Stage string

// The stages: the schema is broken, the schema holds and a business rule is broken, both hold.
const (
	BreaksSchema   Stage = "schema"
	BreaksBusiness Stage = "business"
	Accepted       Stage = "accepted"
)

// Unknown is an element that the schema has no place for.
type Unknown struct {
	Path string `json:"path"`
	Raw  string `json:"raw"`
}

// The structs below are the schema: fields stand in its order, and the tag says the element's name and how it may come.
// See plan.go for what a tag can say.

// Report is the root: one filing of one reporting entity.
type Report struct {
	SchemaVersion    string         `goaml:"schema_version"`
	EntityID         int64          `goaml:"rentity_id,must"`
	EntityBranch     string         `goaml:"rentity_branch,max=255"`
	SubmissionCode   string         `goaml:"submission_code,must,of=E|M|-"`
	Code             string         `goaml:"report_code,must,code=report_code"`
	Reference        string         `goaml:"entity_reference,must,max=255"` // the filer's own
	UnitReference    string         `goaml:"fiu_ref_number,max=255"`
	RejectedRefer    string         `goaml:"prev_rejected_ref_number,max=255"`
	Submitted        Wall           `goaml:"submission_date,choice=date,must"`
	Dated            Wall           `goaml:"report_date,choice=date,must"`
	Currency         string         `goaml:"currency_code_local,must,currency"`
	ReportingPerson  *Person        `goaml:"reporting_person,choice=reporter"`
	ReportingUser    string         `goaml:"reporting_user_code,choice=reporter,max=50"`
	Location         *Address       `goaml:"location"`
	Reason           string         `goaml:"reason,max=8000"`
	Action           string         `goaml:"action,max=8000"`
	Transactions     []*Transaction `goaml:"transaction"`
	Activity         *Activity      `goaml:"activity"`
	Indicators       []string       `goaml:"report_indicators>indicator,must,code=indicator"`
	AdditionalInform Raw            `goaml:"additional_information"`
}

// Day is the day by which the report's dates are judged: submission_date, or report_date in its place.
func (r *Report) Day() Wall {
	if r.Submitted.IsZero() {
		return r.Dated
	}
	return r.Submitted
}

// Transaction is money that moved: between two sides, or among several parties.
type Transaction struct {
	Number            string       `goaml:"transactionnumber,must,max=100"`
	Suspicious        *bool        `goaml:"transaction_is_suspicious"`
	InternalReference string       `goaml:"internal_ref_number,max=255"`
	Agent             string       `goaml:"agent_name,max=255"`
	Location          string       `goaml:"transaction_location,must,max=255"`
	Address           *Address     `goaml:"transaction_address"`
	Description       string       `goaml:"transaction_description,must,max=4000"`
	Date              Wall         `goaml:"date_transaction,must"`
	Teller            string       `goaml:"teller,max=50"`
	Authorized        string       `goaml:"authorized,max=50"`
	LateDeposit       *bool        `goaml:"late_deposit"`
	DatePosting       Wall         `goaml:"date_posting,with=late_deposit"`
	ValueDate         Wall         `goaml:"value_date"`
	Type              string       `goaml:"transaction_type_code,code=transaction_type_code"`
	Mode              string       `goaml:"transmode_code,must,code=transmode_code"`
	ModeComment       string       `goaml:"transmode_comment,must,len=1"`
	Amount            Amount       `goaml:"amount_local,must"`
	Status            string       `goaml:"transaction_status,code=transaction_status"`
	Parties           []*Party     `goaml:"involved_parties>party"`
	FromMyClient      *From        `goaml:"t_from_my_client,client,choice=from,must,unless=involved_parties"`
	From              *From        `goaml:"t_from,choice=from,must,unless=involved_parties"`
	ToMyClient        *To          `goaml:"t_to_my_client,client,choice=to,must,unless=involved_parties"`
	To                *To          `goaml:"t_to,choice=to,must,unless=involved_parties"`
	Goods             []*GoodsItem `goaml:"goods_services>item"`
	Means             Raw          `goaml:"means_of_transport"`
	Comments          string       `goaml:"comments,max=4000"`
}

// Amount is a sum of money as the report has it.
type Amount = money.Decimal

// From is the side that pays, and who stood at the counter for it. Below t_from_my_client the filer knows the party as its
// customer, and must tell more.
type From struct {
	Funds              string           `goaml:"from_funds_code,must,code=funds_code"`
	FundsComment       string           `goaml:"from_funds_comment,max=255"`
	AdditionalInfo     Raw              `goaml:"from_transaction_additional_info"`
	Foreign            *ForeignCurrency `goaml:"from_foreign_currency"`
	ConductorSuspected *bool            `goaml:"conductor_is_suspected"`
	Conductor          *Person          `goaml:"t_conductor"`
	Suspected          *bool            `goaml:"from_is_suspected"`
	Account            *Account         `goaml:"from_account,choice=party,must"`
	Person             *Person          `goaml:"from_person,choice=party,must"`
	Entity             *Entity          `goaml:"from_entity,choice=party,must"`
	Country            string           `goaml:"from_country,must,country"`
}

// To is the side that is paid.
type To struct {
	Funds          string           `goaml:"to_funds_code,must,code=funds_code"`
	FundsComment   string           `goaml:"to_funds_comment,max=255"`
	AdditionalInfo Raw              `goaml:"to_transaction_additional_info"`
	Foreign        *ForeignCurrency `goaml:"to_foreign_currency"`
	Suspected      *bool            `goaml:"to_is_suspected"`
	Account        *Account         `goaml:"to_account,choice=party,must"`
	Person         *Person          `goaml:"to_person,choice=party,must"`
	Entity         *Entity          `goaml:"to_entity,choice=party,must"`
	Country        string           `goaml:"to_country,must,country"`
}

// ForeignCurrency is the amount in the currency it moved in.
type ForeignCurrency struct {
	Currency string `goaml:"foreign_currency_code,must,currency"`
	Amount   Amount `goaml:"foreign_amount,must"`
	Rate     Amount `goaml:"foreign_exchange_rate"`
}

// Party is one of several in a transaction with more than two sides.
type Party struct {
	Role            string           `goaml:"role,must,code=party_role"`
	PersonMyClient  *Person          `goaml:"person_my_client,client,choice=party,must"`
	Person          *Person          `goaml:"person,choice=party,must"`
	AccountMyClient *Account         `goaml:"account_my_client,client,choice=party,must"`
	Account         *Account         `goaml:"account,choice=party,must"`
	EntityMyClient  *Entity          `goaml:"entity_my_client,client,choice=party,must"`
	Entity          *Entity          `goaml:"entity,choice=party,must"`
	Funds           string           `goaml:"funds_code,code=funds_code"`
	FundsComment    string           `goaml:"funds_comment,max=255"`
	Foreign         *ForeignCurrency `goaml:"foreign_currency"`
	Country         string           `goaml:"country,country"`
	Suspected       *bool            `goaml:"is_suspected"`
	Significance    int64            `goaml:"significance"`
	Comments        string           `goaml:"comments,max=4000"`
}

// Activity is what a suspicious activity report tells of instead of transactions.
type Activity struct {
	Parties []*ReportParty `goaml:"report_parties>report_party,must"`
	Goods   []*GoodsItem   `goaml:"goods_services>item"`
}

// ReportParty is one party of an activity, and why it is told of.
type ReportParty struct {
	Role            string   `goaml:"role,code=party_role"`
	Person          *Person  `goaml:"person,choice=party,must"`
	PersonMyClient  *Person  `goaml:"person_my_client,client,choice=party,must"`
	Account         *Account `goaml:"account,choice=party,must"`
	AccountMyClient *Account `goaml:"account_my_client,client,choice=party,must"`
	Entity          *Entity  `goaml:"entity,choice=party,must"`
	EntityMyClient  *Entity  `goaml:"entity_my_client,client,choice=party,must"`
	Country         string   `goaml:"country,country"`
	Suspected       *bool    `goaml:"is_suspected"`
	Significance    int64    `goaml:"significance"`
	Reason          string   `goaml:"reason,must,max=4000"`
	Comments        string   `goaml:"comments,max=4000"`
}

// GoodsItem is a thing or service that was paid for.
type GoodsItem struct {
	Type           string   `goaml:"item_type,must,code=item_type"`
	Make           string   `goaml:"item_make,max=255"`
	Description    string   `goaml:"description,max=4000"`
	PreviousHolder string   `goaml:"previously_registered_to,max=500"`
	Holder         string   `goaml:"presently_registered_to,max=500"`
	EstimatedValue Amount   `goaml:"estimated_value"`
	Status         string   `goaml:"status_code,code=item_status"`
	StatusComments string   `goaml:"status_comments,max=500"`
	DisposedValue  Amount   `goaml:"disposed_value"`
	Currency       string   `goaml:"currency_code,currency"`
	Size           Amount   `goaml:"size"`
	SizeUnit       string   `goaml:"size_uom,max=250"`
	Address        *Address `goaml:"address"`
	Registered     Wall     `goaml:"registration_date"`
	Registration   string   `goaml:"registration_number,max=500"`
	Identification string   `goaml:"identification_number,max=255"`
	Comments       string   `goaml:"comments,max=4000"`
}
