package cargo

import (
	"strings"
	"unicode"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
)

// The parts a party plays. Each has a place, by which its subject is named.
const (
	consignor = "consignor"
	consignee = "consignee"
	notify    = "notify"
	agent     = "agent"
)

// role is a party with the part it plays.
type role struct {
	role string
	*Party
}

// parties are those that a consignment names.
func (c *Consignment) parties() (list []role) {
	for _, r := range [...]role{{consignor, c.Consignor}, {consignee, c.Consignee}, {notify, c.Notify}, {agent, c.Agent}} {
		if r.Party != nil && r.Name != "" {
			list = append(list, r)
		}
	}
	return list
}

// A consignment's id ends in 0; its parties' ids are the same but for their last digit.
var places = map[string]string{consignor: "1", consignee: "2", notify: "3", agent: "4"}

// consignmentID makes an id that leaves room for the parties'.
func consignmentID(ids Identifier, k Key) string {
	id := k.ID(ids)
	return id[:len(id)-1] + "0"
}

func partyID(consignment, role string) screening.ID {
	return screening.ID(consignment[:len(consignment)-1] + places[role])
}

// subjectAt is the subject of a consignment that ends in a digit.
func subjectAt(consignment string, place rune) screening.ID {
	return screening.ID(consignment[:len(consignment)-1] + string(place))
}

// roles are the last digits of the consignment's subjects.
func (c *Consignment) roles() string {
	roles := "0"
	if !c.Cancelled {
		for _, p := range c.parties() {
			roles += places[p.role]
		}
	}
	return roles
}

// holderOf is the consignment whose subject an id is.
func holderOf(id screening.ID) string {
	if id == "" {
		return ""
	}
	return string(id[:len(id)-1]) + "0"
}

// subjectsOf are all subjects that a consignment can have.
func subjectsOf(consignment string) []screening.ID {
	ids := []screening.ID{screening.ID(consignment)}
	for _, r := range [...]string{consignor, consignee, notify, agent} {
		ids = append(ids, partyID(consignment, r))
	}
	return ids
}

// subjects are the consignment itself, and its parties, for names and links. A withdrawn one has no parties any more.
func (c *Consignment) subjects(dst []screening.Subject, s *Shipment) []screening.Subject {
	number := title(strings.ReplaceAll(c.Master, "-", ""), c.House)
	base := screening.Subject{Domain: Name, Within: c.Shipment, Context: s.context(), Until: s.ahead(c.Last)}
	flight := ""
	if leg := s.leg(); leg.Date != "" {
		flight = leg.String()
	}
	own := base
	own.ID, own.Title = screening.ID(c.ID), number
	own.Ties = ties(links.Waybill, c.Master, links.Flight, flight)
	dst = append(dst, own)
	if c.Cancelled {
		return dst
	}
	for _, p := range c.parties() {
		one := base
		one.ID = partyID(c.ID, p.role)
		one.Context = number + ", " + base.Context
		one.Names = []screening.Name{{Full: p.Name}}
		if p.Country != "" {
			one.Countries = []screening.Country{{Code: p.Country, Role: "residence"}}
		}
		if p.TaxID != "" {
			one.Documents = []screening.Document{{Type: "tax", Number: p.TaxID, Issuer: p.Country}}
		}
		address := ""
		if p.Street != "" {
			address = p.Address()
		}
		one.Ties = ties(links.Address, address, links.Account, p.Account, links.Flight, flight)
		for _, contact := range p.Contacts {
			one.Ties = append(one.Ties, screening.Tie{Kind: contact.Kind, Value: contact.Value})
		}
		dst = append(dst, one)
	}
	return dst
}

// ties makes ties of kinds and values, those that have one.
func ties(kindsAndValues ...string) (list []screening.Tie) {
	for i := 0; i+1 < len(kindsAndValues); i += 2 {
		if kindsAndValues[i+1] != "" {
			list = append(list, screening.Tie{Kind: kindsAndValues[i], Value: kindsAndValues[i+1]})
		}
	}
	return list
}

// screened are the subjects with what rules see of the consignment itself, and what the room found of it.
func (c *Consignment) screened(dst []screening.Screened, x viewed, st *Standing) []screening.Screened {
	for i, s := range c.subjects(nil, x.shipment) {
		out := screening.Screened{Subject: s}
		if i == 0 {
			if out.Found = c.found(x, st); !c.Cancelled {
				out.View = c.view(x)
			}
		}
		dst = append(dst, out)
	}
	return dst
}

// The forms of a party, by its name.
const (
	organisation = "organisation"
	person       = "person"
)

// formOf guesses by its name whether a party is a person: two to four words of letters, none of which is one that firms
// bear. A guess wrong is of no consequence beyond rules that ask for it.
func formOf(name string) string {
	words := strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '&' })
	if len(words) > 0 && honorifics[words[0]] {
		return person
	}
	if len(words) < 2 || len(words) > 4 {
		return organisation
	}
	for _, w := range words {
		if firmly[w] || strings.IndexFunc(w, unicode.IsDigit) >= 0 || w == "&" || len([]rune(w)) > 14 {
			return organisation
		}
		for _, end := range firmEnds {
			if strings.HasSuffix(w, end) {
				return organisation
			}
		}
	}
	return person
}

func wordSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

var (
	honorifics = wordSet("MR MRS MS MISS DR PROF SHEIKH SHEIKHA السيد السيدة الدكتور الشيخ")
	firmly     = wordSet(`LLC LTD LIMITED INC CORP CORPORATION CO COMPANY GMBH AG SA SAS SARL BV NV OY AB AS SPA SRL PLC PTE PTY FZE FZCO FZC WLL BSC EST
		ESTABLISHMENT GROUP HOLDING HOLDINGS TRADING TRADERS TRADE IMPORT EXPORT IMPEX GENERAL INTERNATIONAL GLOBAL ENTERPRISE ENTERPRISES INDUSTRIES INDUSTRY
		FACTORY WORKS WORKSHOP MILLS MILL STORE STORES SHOP SHOPS RETAIL WHOLESALE SUPPLY SUPPLIES SUPPLIER SERVICE SERVICES SOLUTIONS SYSTEMS TECHNOLOGY
		TECHNOLOGIES TECH INSTRUMENTS PRECISION ENGINEERING MACHINERY TOOLS PARTS AUTO MOTORS ELECTRONICS ELECTRIC POWER ENERGY PUMP PUMPS CARGO FREIGHT
		LOGISTICS FORWARDING FORWARDERS SHIPPING TRANSPORT EXPRESS AIR AIRLINES AVIATION MEDICAL PHARMA PHARMACY CLINIC HOSPITAL LABORATORY LAB UNIVERSITY
		SCHOOL INSTITUTE MINISTRY DEPARTMENT EMBASSY BANK COOPERATIVE SOCIETY ASSOCIATION FOUNDATION FOODS FOOD HONEY HERBS SPICES TEXTILES FASHION JEWELLERY
		JEWELLERS JEWELRY GOLD DESIGN INTERIORS FURNITURE CARPETS WEAVERS FARM FARMS GARDEN HOTEL RESTAURANT CAFE MARKET MALL CENTRE CENTER AGENCY AGENTS
		BROTHERS SONS PARTNERS MESSTECHNIK شركة مؤسسة مصنع متجر مجموعة بنك وزارة مكتب`)
	firmEnds = []string{"TECHNIK", "WERKE", "TRADE", "TECH", "SOFT", "CHEM", "PHARM", "GRAPHICS", "ONICS"}
)

// found is what the room itself finds of a consignment: that it flew although it was held, that a partner warns of it.
func (c *Consignment) found(x viewed, st *Standing) (found []screening.Finding) {
	if st.Hold != "" && !x.shipment.Departed.IsZero() {
		found = append(found, screening.Finding{
			Engine: Name, Matched: FlewHeld, Severity: screening.Critical,
			Explanation: screening.Explanation{Code: FlewHeld, Subject: st.Hold, Listed: x.shipment.leg().String()},
		})
	}
	if st.Missed {
		found = append(found, screening.Finding{Engine: Name, Matched: MissedBySample, Severity: screening.Medium, Explanation: screening.Explanation{Code: MissedBySample}})
	}
	for i := range x.warned {
		found = append(found, x.warned[i].finding(screening.ID(c.ID)))
	}
	return found
}

// FlewHeld is the code of a finding: a consignment departed while a hold was in force.
const FlewHeld = "departed_under_hold"
