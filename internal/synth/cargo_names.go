package synth

import (
	"strings"

	"github.com/rihla/rihla/formats/airport"
	iso "github.com/rihla/rihla/formats/country"
)

// item is a kind of goods that is shipped, and what is usual of it.
type item struct {
	short    string // what fits a house's line
	long     string // what a forwarder writes where there is room
	hs       string
	kg       [2]int // of a piece, from and to
	density  int    // kg a cubic metre
	perKg    int    // what a kilogram is worth, in dollars
	handling string
}

// items are goods that nobody asks about: described, coded, and neither dangerous nor controlled.
var items = []item{
	{"OLIVE OIL SOAP", "HANDMADE OLIVE OIL SOAP BARS IN CARTONS OF 48", "340111", [2]int{8, 15}, 420, 9, ""},
	{"CERAMIC BOWLS", "HAND PAINTED CERAMIC BOWLS AND PLATES PACKED IN STRAW", "691200", [2]int{15, 28}, 260, 12, ""},
	{"COTTON SHIRTS", "MENS WOVEN COTTON SHIRTS LONG SLEEVED", "620520", [2]int{10, 18}, 210, 22, ""},
	{"LEATHER SANDALS", "LEATHER SANDALS WITH RUBBER SOLES", "640359", [2]int{9, 16}, 180, 30, ""},
	{"RUBBER SEALS", "RUBBER SEALS AND O-RINGS FOR WATER PUMPS", "401693", [2]int{6, 20}, 380, 25, ""},
	{"WATER PUMPS", "CENTRIFUGAL WATER PUMPS FOR IRRIGATION", "841370", [2]int{40, 95}, 340, 18, ""},
	{"PRESSURE GAUGES", "PRESSURE GAUGES FOR WATER MAINS", "902620", [2]int{8, 25}, 300, 60, ""},
	{"MEDJOOL DATES", "FRESH MEDJOOL DATES IN TRAYS OF 5 KG", "080410", [2]int{10, 20}, 450, 8, "PER"},
	{"FROZEN SHRIMPS", "SHRIMPS FROZEN RAW IN POLYSTYRENE BOXES", "030617", [2]int{12, 22}, 380, 14, "PER"},
	{"CUT ROSE FLOWER", "CUT ROSE FLOWERS IN BUNCHES OF 20 STEMS", "060311", [2]int{9, 16}, 160, 7, "PER"},
	{"VEGETABLE SEEDS", "TOMATO SEEDS AND CUCUMBER SEEDS IN TINS", "120991", [2]int{12, 22}, 520, 40, ""},
	{"PRINTED BOOKS", "PRINTED BOOKS FOR SCHOOLS HARD COVER", "490199", [2]int{14, 24}, 560, 11, ""},
	{"WOOL CARPETS", "KNOTTED WOOL CARPETS ROLLED", "570110", [2]int{22, 48}, 230, 45, ""},
	{"OFFICE CHAIRS", "OFFICE CHAIRS WITH STEEL FRAME FLAT PACKED", "940139", [2]int{16, 26}, 120, 9, ""},
	{"STEEL BOLTS", "STEEL BOLTS AND NUTS GALVANISED M12", "731815", [2]int{20, 34}, 1150, 6, ""},
	{"CAR BRAKE PADS", "BRAKE PADS FOR PASSENGER CARS", "870830", [2]int{14, 28}, 720, 16, ""},
	{"LAB GLASSWARE", "BOROSILICATE LABORATORY GLASSWARE FLASKS AND BEAKERS", "701720", [2]int{8, 18}, 190, 35, ""},
	{"DENTAL CHAIRS", "DENTAL CHAIRS MODEL D4", "940210", [2]int{70, 120}, 190, 28, "HEA"},
	{"CARDAMOM", "GREEN CARDAMOM PODS IN JUTE SACKS", "090831", [2]int{22, 40}, 330, 26, ""},
	{"COPPER WIRE", "COPPER WIRE ENAMELLED ON REELS", "740811", [2]int{28, 60}, 1300, 13, ""},
	{"BED LINEN", "COTTON BED LINEN AND TOWELS FOR HOTELS", "630221", [2]int{12, 20}, 240, 14, ""},
	{"PLASTIC PIPES", "PLASTIC PIPES AND ELBOWS PVC FOR PLUMBING", "391723", [2]int{12, 30}, 170, 6, ""},
	{"WOODEN CHAIRS", "CHAIRS OF OAK WOOD UPHOLSTERED", "940161", [2]int{14, 26}, 130, 12, ""},
	{"SKIN CREAM", "SKIN CREAM WITH DEAD SEA MUD IN JARS", "330499", [2]int{7, 15}, 430, 32, ""},
}

// forwarder files for those who send.
type forwarder struct {
	handle, name, iata, cass, houses string
	fwb, fhl                         int // the versions it writes
	ends                             string
	envelope                         bool
}

var forwarders = []forwarder{
	{handle: "agent-pearl", name: "PEARL GATE FORWARDING WLL", iata: "9900111", cass: "0011", houses: "PGF", fwb: 16, fhl: 4, ends: "\r\n"},
	{handle: "agent-sail", name: "TALL SAIL LOGISTICS LTD", iata: "9900122", cass: "0026", houses: "TSL", fwb: 17, fhl: 5, ends: "\r\n", envelope: true},
	{handle: "agent-palm", name: "TWIN PALM CARGO SERVICES", iata: "9900133", cass: "0034", houses: "TPC", fwb: 16, fhl: 4, ends: "\n"},
	{handle: "agent-lantern", name: "RED LANTERN AIR FREIGHT CO", iata: "9900144", cass: "0041", houses: "RLA", fwb: 17, fhl: 4, ends: "\r\r\n"},
}

// firm is somebody who sends or receives.
type firm struct {
	name, street, place, two, post, phone, tax string
}

// What firms' names are put together from: two words, a trade, a form. None of them is a family's name of the tables.
var (
	firmFirst   = strings.Fields("AMBER BRIGHT CEDAR COPPER CORAL CRANE DESERT EASTERN EVENING FALCON FIRST GARDEN GOLDENROD GREEN HARBOUR HIGH INDIGO IVORY JASMINE JUNIPER LAUREL LONG MAPLE MEADOW MORNING NORTHERN OLIVE ORCHARD PEBBLE PINE QUIET RIVER SAFFRON SANDSTONE SILVERLEAF SOUTHERN SPRING STONE SUMMER WESTERN WHITE WILLOW")
	firmSecond  = strings.Fields("ANCHOR BASIN BAY BRIDGE BROOK CANYON COAST CORNER COVE CREST DUNE FIELD FORD GATE GLEN GROVE HILL HOUSE ISLAND LAKE LANE LEAF LIGHT MARKET MEADOW MILL OASIS PEAK PIER POINT POND RIDGE ROCK SHORE SPRIG SQUARE STEP TERRACE TOWER VALLEY VIEW WELL")
	firmTrade   = strings.Fields("AGRICULTURE BOOKSHOPS CERAMICS CLINICS FARMS FASHION FLOORING FOODS FURNITURE GARDENS GLASSWORKS HOTELS INSTRUMENTS INTERIORS IRRIGATION KITCHENS PLUMBING PRINTING PUMPS RETAIL SEEDS SHOES TEXTILES WORKSHOPS")
	firmForm    = strings.Fields("CO LTD LLC EST WLL INC")
	firmStreets = strings.Fields("ACACIA ALMOND CLOCKMAKER CUSTOMS DOCK FOUNTAIN GARDEN HARBOUR HILLSIDE KILN LIBRARY LIGHTHOUSE MARKET MOSAIC OBSERVATORY ORCHARD PALM POTTERS QUARRY RAILWAY RAINBOW SPICE STATION TANNERY UNIVERSITY WEAVER WINDMILL")
	streetKind  = strings.Fields("STREET ROAD LANE AVENUE SQUARE")
)

// postShapes are the postcodes of some countries, as dice fill them.
var postShapes = map[string]string{
	"BH": "399", "SA": "39999", "KW": "39999", "JO": "19999", "EG": "19999", "GB": "RG9 9QA", "DE": "69999", "FR": "79999", "IT": "29999", "ES": "29999", "TR": "39999",
	"IN": "699999", "PK": "59999", "CN": "599999", "KR": "09999", "TH": "19999", "US": "19999", "AU": "2999", "NZ": "1999", "RU": "199999", "TN": "1999", "MA": "29999",
}

// firmAt makes a firm of the country an airport is in.
func (d dice) firmAt(at airport.Airport) firm {
	f := firm{
		name:   of(d, firmFirst) + " " + of(d, firmSecond) + " " + of(d, firmTrade) + " " + of(d, firmForm),
		street: padded(d.between(1, 240), 0) + " " + of(d, firmStreets) + " " + of(d, streetKind),
	}
	phone := "999"
	if o, ok := from(at.Country); ok {
		f.place, f.two, phone = o.city, o.two, o.phone
	} else {
		f.place, f.two = telexed(at.City, 17), iso.Alpha2(at.Country)
	}
	if shape := postShapes[f.two]; shape != "" {
		f.post = d.shaped(shape)
	}
	f.phone = phone + d.shaped("39999999")
	f.tax = d.shaped("299999999")
	return f
}

// telexed writes a name with capitals, blanks and nothing else.
func telexed(s string, most int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToUpper(s), func(c rune) bool { return c < 'A' || c > 'Z' }), " ")
	return strings.TrimSpace(s[:min(most, len(s))])
}
