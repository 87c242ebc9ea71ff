package links

import "github.com/rihla/rihla/internal/screening"

// Kinds of ties that domains may give. Another word is a kind too, with the weight and bound of otherKind.
const (
	Phone         = "phone"
	Email         = "email"
	Card          = "card"
	Address       = "address"
	Document      = "document" // from the subject's documents, not from its ties
	Booking       = "booking"
	Bag           = "bag"            // a tag that several travellers pooled
	FrequentFlyer = "frequent_flyer" // an account
	Agency        = "agency"
	Booked        = "booked" // at one agency, within minutes
	Onward        = "onward" // the journey's next flight
	Seat          = "seat"   // weighed between two who flew together; joins nobody by itself
	CoTravel      = "cotravel"
	Flight        = "flight"  // who shares one is no link by that; a parcel and a declaration are found by it
	Waybill       = "waybill" // the parties of one consignment
	Account       = "account" // at a bank, or with a carrier
	TaxID         = "tax_id"

	KnownTraveller = screening.ClaimMembership // numbers that somebody gives for themselves
	Redress        = screening.ClaimRedress
)

// Journey is the tie to what the subject is within: who shares it makes a crowd, never a link, and is looked at only for
// flying together again and again.
const Journey = "journey"

// kind is how much sharing a value of a kind says.
type kind struct {
	weight float64 // of sharing it with one other person
	most   int     // people who may share it before it is common
}

// kinds are by what life shares: a household's phone and address, a group's booking, an office's card. A booking of more
// is a pilgrimage or a school, an address of more a hotel.
var kinds = map[string]kind{
	Phone:         {.9, 24},
	Email:         {.9, 16},
	Card:          {.9, 16},
	Address:       {.7, 24},
	Document:      {1, 8},
	Booking:       {.8, 40},
	Bag:           {.9, 12},
	FrequentFlyer: {.9, 8},
	Agency:        {.3, 30},
	Booked:        {.4, 20},
	Onward:        {.3, 20},
	CoTravel:      {.6, 0},
	Journey:       {0, 1200},
	Flight:        {.2, 60},
	Waybill:       {.6, 60},
	Account:       {.9, 16},
	TaxID:         {1, 8},

	KnownTraveller: {.9, 8},
	Redress:        {.9, 8},
}

var otherKind = kind{.5, 24}

func kindOf(word string) kind {
	if k, known := kinds[word]; known {
		return k
	}
	return otherKind
}

// walked says whether a kind's values lead from one person to another.
func (k kind) walked() bool { return k.weight > 0 }

// strong says whether a kind is enough for a finding: what two who never met can share by the way is not.
func (k kind) strong() bool { return k.weight >= .5 }

// Common says whether a value of a kind that so many people tie to is common.
func Common(word string, people int) bool { return people > kindOf(word).most }
