package cargo

import (
	"strings"

	"github.com/rihla/rihla/formats/cargoimp"
)

// Identifier names things for ever by a keyed hash of their natural key.
type Identifier interface {
	ID(kind string, parts ...string) string
}

// Key is a consignment's natural key. A house number is unique inside its master only.
type Key struct {
	Master string // the eleven digits of the waybill
	House  string // as it is compared: capitals, no blanks, no hyphens; "" is the master itself, or a direct waybill
}

func keyOf(w cargoimp.Waybill, house string) Key {
	return Key{Master: w.Digits(), House: cargoimp.HouseKey(house)}
}

// ID is the consignment's id.
func (k Key) ID(ids Identifier) string { return ids.ID("consignment", k.Master, k.House) }

// shipmentID is the id of a master with its houses.
func shipmentID(ids Identifier, master string) string { return ids.ID("shipment", master) }

// printed writes a waybill number as the trade does: 969-10000023.
func printed(digits string) string {
	if len(digits) < 4 {
		return digits
	}
	return digits[:3] + "-" + digits[3:]
}

// under is the waybill that a house number is, where a forwarder's house is another forwarder's master; "" for any other
// number. So a chain of consolidations is written in telexes: a house that bears a waybill's number.
func under(house string) string {
	w, ok := cargoimp.ParseWaybill(house)
	if !ok || !w.Checks() {
		return ""
	}
	return w.Digits()
}

// title is a consignment as people say it: 969-10000023 / PF26H0002.
func title(master, house string) string {
	if house == "" {
		return printed(master)
	}
	return printed(master) + " / " + strings.TrimSpace(house)
}
