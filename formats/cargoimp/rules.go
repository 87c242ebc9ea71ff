package cargoimp

// The rules of the faults found here. Those of the pre-load regimes have the regimes' own names and go into a PER as
// they stand.
const (
	InvalidMessageType = "INVALID_MESSAGE_TYPE"
	UnknownVersion     = "UNKNOWN_VERSION"
	MessageTooLong     = "MESSAGE_TOO_LONG"

	BadWaybillFormat = "BAD_WBL_FORMAT"
	CheckDigit       = "AWB_CHECK_DIGIT"
	MissingWaybill   = "MISSING_WBL_LINE"
	MissingQuantity  = "MISSING_BILL_QTY"
	InvalidQuantity  = "INVALID_BILL_QTY"
	MissingWeight    = "MISSING_WEIGHT"
	InvalidWeight    = "INVALID_WEIGHT"
	MissingUnit      = "MISSING_WT_UNITS"
	InvalidRouting   = "INVALID_ROUTING"

	MissingHouse = "MISSING_HOUSE_BILL_NBR"
	InvalidHouse = "INVALID_HOUSE_BILL_NBR"
	RepeatHouse  = "DUPLICATE_HOUSE"

	MissingShipper        = "MISSING_SHP_LINE"
	MissingShipperName    = "MISSING_SHP_NAME"
	MissingShipperAddress = "MISSING_SHP_ADDR"
	MissingShipperCountry = "MISSING_SHP_CTRY"
	MissingConsignee      = "MISSING_CNE_LINE"
	MissingConsigneeName  = "MISSING_CNE_NAME"
	MissingConsigneeAddr  = "MISSING_CNE_ADDR"
	MissingConsigneeCtry  = "MISSING_CNE_CTRY"
	MissingDescription    = "MISSING_CARGO_DESC"
	MissingIndicator      = "MISSING_CONSOL_INDI"
	MissingLine           = "MISSING_LINE"

	InvalidField   = "INVALID_FIELD"
	InvalidDate    = "INVALID_DATE"
	InvalidAmount  = "INVALID_AMOUNT"
	InvalidCountry = "INVALID_COUNTRY"
	InvalidHS      = "INVALID_HS"
	SlantInText    = "SLANT_IN_TEXT"
	DuplicateLine  = "DUPLICATE_LINE"

	UnknownLine  = "UNKNOWN_LINE"
	LineOrder    = "LINE_ORDER"
	LineNumber   = "LINE_NUMBER"
	LineTooLong  = "LINE_TOO_LONG"
	FieldTooLong = "FIELD_TOO_LONG"
	LowerCase    = "LOWER_CASE"
	Character    = "CHARACTER"

	RateLinesSum     = "RATE_LINES_SUM"
	RateTotal        = "RATE_TOTAL"
	ChargeableWeight = "CHARGEABLE_WEIGHT"
	ChargeSum        = "CHARGE_SUM"
	HousesExceed     = "HOUSES_EXCEED_MASTER"
	VagueDescription = "DESCRIPTION_VAGUE"
	ShortDescription = "DESCRIPTION_SHORT"
)

// told says how an FNA names a fault: the code of the e-AWB procedures (segment and number; 0xxx is wrong or missing, 9xxx
// a cross-check), and the words. What is not here is only odd, and never the reason of a rejection.
type told struct{ code, words string }

var answers = map[string]told{
	InvalidMessageType:    {"FWB0010", "MESSAGE TYPE NOT SUPPORTED"},
	MessageTooLong:        {"FWB0050", "MESSAGE TOO LONG"},
	BadWaybillFormat:      {"AWB0015", "WAYBILL NUMBER OR ROUTE WRONG"},
	CheckDigit:            {"AWB0020", "CHECK DIGIT WRONG"},
	MissingWaybill:        {"AWB0010", "WAYBILL LINE MISSING"},
	MissingQuantity:       {"AWB0040", "PIECES MISSING"},
	InvalidQuantity:       {"AWB0040", "PIECES WRONG"},
	MissingWeight:         {"AWB0050", "WEIGHT MISSING"},
	InvalidWeight:         {"AWB0050", "WEIGHT WRONG"},
	MissingUnit:           {"AWB0045", "WEIGHT CODE K OR L MISSING"},
	InvalidRouting:        {"AWB0030", "AIRPORT WRONG"},
	MissingHouse:          {"HBS0010", "HOUSE NUMBER MISSING"},
	InvalidHouse:          {"HBS0010", "HOUSE NUMBER WRONG"},
	RepeatHouse:           {"HBS9010", "HOUSE TWICE IN ONE MESSAGE"},
	MissingShipper:        {"SHP0010", "SHIPPER MISSING"},
	MissingShipperName:    {"SHP0020", "SHIPPER NAME MISSING"},
	MissingShipperAddress: {"SHP0025", "SHIPPER ADDRESS MISSING"},
	MissingShipperCountry: {"SHP0040", "SHIPPER COUNTRY MISSING"},
	MissingConsignee:      {"CNE0010", "CONSIGNEE MISSING"},
	MissingConsigneeName:  {"CNE0020", "CONSIGNEE NAME MISSING"},
	MissingConsigneeAddr:  {"CNE0025", "CONSIGNEE ADDRESS MISSING"},
	MissingConsigneeCtry:  {"CNE0040", "CONSIGNEE COUNTRY MISSING"},
	MissingDescription:    {"RTD0110", "GOODS DESCRIPTION MISSING"},
	MissingLine:           {"FWB0020", "MANDATORY LINE MISSING"},
	InvalidField:          {"FWB0030", "FIELD WRONG"},
	InvalidDate:           {"FWB0031", "DATE WRONG"},
	InvalidAmount:         {"FWB0032", "AMOUNT WRONG"},
	InvalidCountry:        {"FWB0033", "COUNTRY CODE WRONG"},
	InvalidHS:             {"RTD0130", "HS CODE WRONG"},
	SlantInText:           {"FWB0034", "TOO MANY SLANTS"},
	DuplicateLine:         {"FWB0035", "LINE TWICE"},
}

// Refusable tells whether a fault of this rule is the filer's to mend before the filing counts, and so may stand in an
// FNA or a PER. All others are remarks.
func Refusable(rule string) bool { _, ok := answers[rule]; return ok }
