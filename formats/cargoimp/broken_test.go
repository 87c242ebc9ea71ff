package cargoimp_test

import (
	"strings"
	"testing"

	"github.com/rihla/rihla/formats/cargoimp"
	"github.com/rihla/rihla/formats/goods"
)

// waybill and houses are faultless; each case below breaks one of them in one place. The number before a line is its own.
const waybill = "FWB/16\r\n" + // 1
	"969-10000012AMMFRA/T10K250.5MC1.25\r\n" + // 2
	"FLT/9X101/15\r\n" + // 3
	"RTG/FRA9X\r\n" + // 4
	"SHP\r\n" + // 5
	"/JABAL PRECISION INSTRUMENTS\r\n" + // 6
	"/44 AL QUDS STREET\r\n" + // 7
	"/AMMAN\r\n" + // 8
	"/JO/11118/TE/96265550101\r\n" + // 9
	"CNE\r\n" + // 10
	"/MAINUFER MESSTECHNIK GMBH\r\n" + // 11
	"/FABRIKSTRASSE 9\r\n" + // 12
	"/FRANKFURT/HE\r\n" + // 13
	"/DE/60549/TE/49695550123\r\n" + // 14
	"AGT//9900123/0014\r\n" + // 15
	"/PETRA FORWARDING LLC\r\n" + // 16
	"/AMMAN\r\n" + // 17
	"ACC/GEN/FREIGHT PREPAID\r\n" + // 18
	"CVD/USD/PP/PP/NVD/NCV/XXX\r\n" + // 19
	"RTD/1/P10/K250.5/CQ/W250.5/R3.2/T801.6\r\n" + // 20
	"/NG/PRESSURE GAUGES FOR\r\n" + // 21
	"/2/NG/WATER PUMPS\r\n" + // 22
	"/3/NH/902620\r\n" + // 23
	"/4/NO/JO\r\n" + // 24
	"/5/ND//CMT50-50-50/10\r\n" + // 25
	"/6/NV/MC1.25\r\n" + // 26
	"/7/NS/10\r\n" + // 27
	"OTH/P/AWC15MYC50.1SCC25.05\r\n" + // 28
	"PPD/WT801.6\r\n" + // 29
	"/OC90.15/CT891.75\r\n" + // 30
	"CER/R HADDAD\r\n" + // 31
	"ISU/14MAR26/AMMAN/R HADDAD\r\n" + // 32
	"REF/AMMCS9X\r\n" + // 33
	"SPH/EAW/SPX\r\n" + // 34
	"OCI/JO/SHP/T/200012345\r\n" + // 35
	"/DE/CNE/T/DE999999999\r\n" // 36

const houses = "FHL/4\r\n" + // 1
	"MBI/969-10000023AMMJFK/T25K410.5\r\n" + // 2
	"HBS/PF26H0001/AMMJFK/10/K120.5/10/OLIVE OIL SOAP\r\n" + // 3
	"/SPX/EAW\r\n" + // 4
	"TXT/HANDMADE OLIVE OIL SOAP BARS\r\n" + // 5
	"HTS/340111\r\n" + // 6
	"OCI/JO/SHP/T/200055010\r\n" + // 7
	"SHP/PETRA SOAP WORKS\r\n" + // 8
	"/12 KING HUSSEIN STREET\r\n" + // 9
	"/AMMAN\r\n" + // 10
	"/JO/11118/TE/96265550101\r\n" + // 11
	"CNE/GREEN SPRIG RETAIL LLC\r\n" + // 12
	"/77 ORCHARD AVENUE\r\n" + // 13
	"/BROOKLYN/NY\r\n" + // 14
	"/US/11201/TE/17185550120\r\n" + // 15
	"CVD/USD/PP/NVD/2400/XXX\r\n" + // 16
	"HBS/PF26H0002/AMMJFK/5/K90/20/PUMP SEALS\r\n" + // 17
	"HTS/401693\r\n" + // 18
	"SHP/JABAL PRECISION INSTRUMENTS\r\n" + // 19
	"/44 AL QUDS STREET\r\n" + // 20
	"/AMMAN\r\n" + // 21
	"/JO/11118\r\n" + // 22
	"CNE/RIVERTON PUMP SERVICE INC\r\n" + // 23
	"/9 DOCK ROAD\r\n" + // 24
	"/NEWARK/NJ\r\n" + // 25
	"/US/07105\r\n" // 26

// broken is a message, an edit, and what must be said of it.
type broken struct {
	in, old, new string
	rule         string
	line         int
	field        string
	refused      bool // the message; a lost house is not a refusal
	lost         bool
}

var cases = []broken{
	// the identifier
	{waybill, "FWB/16", "FWB/25", cargoimp.UnknownVersion, 1, "version", false, false},
	{waybill, "FWB/16", "FWB/7", cargoimp.UnknownVersion, 1, "version", false, false},
	{waybill, "FWB/16", "FWB", cargoimp.UnknownVersion, 1, "version", false, false},
	{waybill, "FWB/16", "FWX/16", cargoimp.InvalidMessageType, 1, "message identifier", true, false},
	{waybill, "FWB/16", "FFM/8", cargoimp.InvalidMessageType, 1, "message identifier", true, false},
	// the consignment line
	{waybill, "969-10000012AMMFRA/T10K250.5MC1.25\r\n", "", cargoimp.MissingWaybill, 2, "waybill number", true, false},
	{waybill, "969-10000012", "96910000012X", cargoimp.BadWaybillFormat, 2, "origin and destination", true, false},
	{waybill, "969-10000012", "969-1000001", cargoimp.BadWaybillFormat, 2, "waybill number", true, false},
	{waybill, "969-10000012", "9X9-10000012", cargoimp.BadWaybillFormat, 2, "waybill number", true, false},
	{waybill, "969-10000012", "969-10000019", cargoimp.CheckDigit, 2, "waybill number", false, false},
	{waybill, "AMMFRA", "AMMFR", cargoimp.BadWaybillFormat, 2, "origin and destination", true, false},
	{waybill, "AMMFRA/", "AMM1RA/", cargoimp.BadWaybillFormat, 2, "origin and destination", true, false},
	{waybill, "AMMFRA/", "FRAFRA/", cargoimp.InvalidRouting, 2, "origin and destination", false, false},
	{waybill, "/T10K250.5MC1.25", "", cargoimp.MissingQuantity, 2, "pieces", true, false},
	{waybill, "/T10K", "/TK", cargoimp.MissingQuantity, 2, "pieces", true, false},
	{waybill, "/T10K", "/T-1K", cargoimp.InvalidQuantity, 2, "pieces", true, false},
	{waybill, "/T10K", "/T0K", cargoimp.InvalidQuantity, 2, "pieces", false, false},
	{waybill, "/T10K", "/10K", cargoimp.InvalidField, 2, "shipment description code", false, false},
	{waybill, "/T10K", "/T10000K", cargoimp.FieldTooLong, 2, "pieces", false, false},
	{waybill, "K250.5MC1.25", "K", cargoimp.MissingWeight, 2, "weight", true, false},
	{waybill, "K250.5MC1.25", "K25.0.5", cargoimp.InvalidWeight, 2, "weight", true, false},
	{waybill, "K250.5MC1.25", "K250,5", cargoimp.InvalidWeight, 2, "weight", true, false},
	{waybill, "K250.5MC1.25", "K-5", cargoimp.InvalidWeight, 2, "weight", true, false},
	{waybill, "K250.5MC1.25", "K0", cargoimp.InvalidWeight, 2, "weight", false, false},
	{waybill, "K250.5MC1.25", "G250.5", cargoimp.MissingUnit, 2, "weight code", true, false},
	{waybill, "MC1.25\r\nFLT", "XX1.25\r\nFLT", cargoimp.InvalidField, 2, "quantity", false, false},
	{waybill, "MC1.25\r\nFLT", "/MC1.25\r\nFLT", cargoimp.InvalidField, 2, "quantity", false, false},
	// flights and routing
	{waybill, "FLT/9X101/15", "FLT/9X101/32", cargoimp.InvalidDate, 3, "flight day", false, false},
	{waybill, "FLT/9X101/15", "FLT/101/15", cargoimp.InvalidField, 3, "flight", false, false},
	{waybill, "RTG/FRA9X\r\n", "", cargoimp.MissingLine, 0, "RTG", false, false},
	{waybill, "RTG/FRA9X", "RTG/F1A9X", cargoimp.InvalidRouting, 4, "RTG", false, false},
	{waybill, "RTG/FRA9X", "RTG/DOH9X", cargoimp.InvalidRouting, 4, "RTG", false, false},
	// parties
	{waybill, "SHP\r\n/JABAL PRECISION INSTRUMENTS\r\n/44 AL QUDS STREET\r\n/AMMAN\r\n/JO/11118/TE/96265550101\r\n", "", cargoimp.MissingShipper, 0, "shipper", false, false},
	{waybill, "/JABAL PRECISION INSTRUMENTS", "/TO ORDER", cargoimp.MissingShipperName, 6, "shipper name", false, false},
	{waybill, "/JABAL PRECISION INSTRUMENTS", "/12345", cargoimp.MissingShipperName, 6, "shipper name", false, false},
	{waybill, "/JABAL PRECISION INSTRUMENTS", "/JABAL PRECISION INSTRUMENTS AND GAUGES WORKS", cargoimp.FieldTooLong, 6, "shipper name", false, false},
	{waybill, "/JABAL PRECISION INSTRUMENTS", "/JABAL/PRECISION", cargoimp.SlantInText, 6, "shipper name", false, false},
	{waybill, "/44 AL QUDS STREET\r\n", "", cargoimp.MissingShipperAddress, 7, "shipper street", false, false},
	{waybill, "/JO/11118/TE/96265550101", "/11118", cargoimp.MissingShipperCountry, 9, "shipper country", false, false},
	{waybill, "/JO/11118/TE/96265550101", "/QQ/11118", cargoimp.InvalidCountry, 9, "shipper country", false, false},
	{waybill, "/JO/11118/TE/96265550101", "/JO/11118/96265550101", cargoimp.InvalidField, 9, "shipper contact", false, false},
	{waybill, "/FABRIKSTRASSE 9", "/UNKNOWN", cargoimp.MissingConsigneeAddr, 12, "consignee street", false, false},
	{waybill, "/DE/60549/TE/49695550123\r\nAGT", "AGT", cargoimp.MissingConsigneeCtry, 13, "consignee country", false, false},
	{waybill, "AGT//9900123/", "AGT//99001/", cargoimp.InvalidField, 15, "agent's IATA code", false, false},
	{waybill, "ACC/GEN/", "ACC/GENERAL/", cargoimp.InvalidField, 18, "ACC", false, false},
	// charges and goods
	{waybill, "OC90.15/CT891.75", "CT801.6", cargoimp.ChargeSum, 29, "PPD", false, false},
	{waybill, "/NG/PRESSURE GAUGES FOR", "/NG/CONSOLIDATION OF", cargoimp.MissingIndicator, 21, "goods description", false, false},
	{waybill, "AMMFRA/", "AMMQQQ/", cargoimp.InvalidRouting, 2, "origin and destination", false, false},
	{houses, "PF26H0001/AMMJFK", "PF26H0001/QQQJFK", cargoimp.InvalidRouting, 3, "origin and destination", false, false},
	{waybill, "CVD/USD", "CVD/UXD", cargoimp.InvalidField, 19, "currency", false, false},
	{waybill, "CVD/USD", "CVD/US", cargoimp.InvalidField, 19, "currency", false, false},
	{waybill, "CVD/USD/PP/PP", "CVD/USD/PP/XX", cargoimp.InvalidField, 19, "prepaid or collect", false, false},
	{waybill, "/NCV/", "/1,000/", cargoimp.InvalidAmount, 19, "value for customs", false, false},
	{waybill, "CVD/USD/PP/PP/NVD/NCV/XXX\r\n", "", cargoimp.MissingLine, 0, "CVD", false, false},
	{waybill, "RTD/1/P10", "RTD/1/P9", cargoimp.RateLinesSum, 20, "RTD", false, false},
	{waybill, "RTD/1/P10/K250.5", "RTD/1/P10/K200", cargoimp.RateLinesSum, 20, "RTD", false, false},
	{waybill, "/R3.2/T801.6", "/R3.2/T999", cargoimp.RateTotal, 20, "RTD", false, false},
	{waybill, "/W250.5", "/W200", cargoimp.ChargeableWeight, 20, "RTD", false, false},
	{waybill, "RTD/1/P10/K250.5", "RTD/1/PX/K250.5", cargoimp.InvalidField, 20, "pieces", false, false},
	{waybill, "/R3.2", "/Z3.2", cargoimp.InvalidField, 20, "RTD", false, false},
	{waybill, "/NG/PRESSURE GAUGES FOR\r\n/2/NG/WATER PUMPS", "/NG/GOODS\r\n/2/NG/VARIOUS", cargoimp.MissingDescription, 21, "goods description", false, false},
	{waybill, "/NG/PRESSURE GAUGES FOR\r\n/2/NG/WATER PUMPS", "/NG/SPARE PA\r\n/2/NG/RTS", cargoimp.VagueDescription, 21, "goods description", false, false},
	{waybill, "/2/NG", "/4/NG", cargoimp.LineNumber, 22, "line number", false, false},
	{waybill, "/3/NH/902620", "/3/NH/9026", cargoimp.InvalidHS, 23, "HS code", false, false},
	{waybill, "/3/NH/902620", "/3/NH/770000", cargoimp.InvalidHS, 23, "HS code", false, false},
	{waybill, "/4/NO/JO", "/4/NO/XQ", cargoimp.InvalidCountry, 24, "country of origin", false, false},
	{waybill, "CMT50-50-50/10", "CMT50-50/10", cargoimp.InvalidField, 25, "ND", false, false},
	{waybill, "CMT50-50-50/10", "CMT50-0-50/10", cargoimp.InvalidField, 25, "ND", false, false},
	{waybill, "/6/NV/MC1.25", "/6/NV/QQ1", cargoimp.InvalidField, 26, "volume", false, false},
	{waybill, "/7/NS/10", "/7/NS/MANY", cargoimp.InvalidField, 27, "NS", false, false},
	{waybill, "AWC15", "AWX15", cargoimp.InvalidField, 28, "OTH", false, false},
	{waybill, "OTH/P/", "OTH/Q/", cargoimp.InvalidField, 28, "OTH", false, false},
	{waybill, "MYC50.1", "MYC50.9", cargoimp.ChargeSum, 30, "PPD", false, false},
	{waybill, "CT891.75", "CT991.75", cargoimp.ChargeSum, 30, "PPD", false, false},
	{waybill, "/OC90.15", "/QQ90.15", cargoimp.InvalidField, 30, "PPD", false, false},
	{waybill, "REF/AMMCS9X", "CDC/EURO/950\r\nREF/AMMCS9X", cargoimp.InvalidAmount, 33, "rate of exchange", false, false},
	{waybill, "REF/AMMCS9X", "CDC/QQQ1.08\r\nREF/AMMCS9X", cargoimp.InvalidField, 33, "currency", false, false},
	{waybill, "SPH/EAW/SPX\r\n", "SPH/EAW/SPX\r\nSRI/A REFERENCE THAT IS TOO LONG\r\n", cargoimp.FieldTooLong, 35, "shipment reference", false, false},
	{waybill, "14MAR26", "31FEB26", cargoimp.InvalidDate, 32, "date of execution", false, false},
	{waybill, "ISU/14MAR26/AMMAN/R HADDAD\r\n", "", cargoimp.MissingLine, 0, "ISU", false, false},
	{waybill, "REF/AMMCS9X\r\n", "", cargoimp.MissingLine, 0, "REF", false, false},
	{waybill, "REF/AMMCS9X", "REF/", cargoimp.InvalidField, 33, "REF", false, false},
	{waybill, "SPH/EAW/SPX", "SPH/EAW/SECURE", cargoimp.InvalidField, 34, "special handling code", false, false},
	{waybill, "SPH/EAW", "SPH/EAW/HEA/BIG/BUP/PER/PIL/COL/VAL/DGR/CAO", cargoimp.FieldTooLong, 34, "special handling codes", false, false},
	{waybill, "OCI/JO/SHP/T/200012345", "OCI/JO/SHP/T", cargoimp.InvalidField, 35, "OCI", false, false},
	{waybill, "OCI/JO/SHP/T/200012345", "OCI/J/SHP/T/200012345", cargoimp.InvalidCountry, 35, "country", false, false},
	{waybill, "OCI/JO/SHP/T/200012345", "OCI/JO/SHPR/T/200012345", cargoimp.InvalidField, 35, "OCI", false, false},
	// lines
	{waybill, "SPH/EAW/SPX\r\n", "SPH/EAW/SPX\r\nXYZ/WHAT IS THIS\r\n", cargoimp.UnknownLine, 35, "line", false, false},
	{waybill, "SPH/EAW/SPX\r\n", "SPH/EAW/SPX\r\nlower and no slant\r\n", cargoimp.UnknownLine, 35, "line", false, false},
	{waybill, "RTG/FRA9X\r\n", "RTG/FRA9X\r\nRTG/DOH9X\r\n", cargoimp.DuplicateLine, 5, "RTG", false, true},
	{waybill, "REF/AMMCS9X\r\n", "REF/AMMCS9X\r\nCVD/EUR/PP/PP/NVD/NCV/XXX\r\n", cargoimp.DuplicateLine, 34, "CVD", false, true},
	{waybill, "FLT/9X101/15\r\nRTG/FRA9X\r\n", "RTG/FRA9X\r\nFLT/9X101/15\r\n", cargoimp.LineOrder, 4, "FLT", false, false},
	{waybill, "/PETRA FORWARDING LLC", "/Petra Forwarding LLC", cargoimp.LowerCase, 16, "line", false, false},
	{waybill, "/PETRA FORWARDING LLC", "/PÉTRA FORWARDING LLC", cargoimp.Character, 16, "line", false, false},
	{waybill, "/PETRA FORWARDING LLC", "/P\xC9TRA FORWARDING LLC", cargoimp.Character, 16, "line", false, false},
	{waybill, "ACC/GEN/FREIGHT PREPAID", "OSI/" + strings.Repeat("A LONG LINE ", 6), cargoimp.LineTooLong, 18, "line", false, false},
	{waybill, "SPH/EAW/SPX\r\n", "SPH/EAW/SPX\r\n" + strings.Repeat("OSI/"+strings.Repeat("X", 64)+"\r\n", 60), cargoimp.MessageTooLong, 1, "message", false, false},
	{waybill, "SPH/EAW/SPX\r\n", strings.Repeat("X", 3000) + "\r\n", cargoimp.MessageTooLong, 1, "message", true, false},
	{waybill, "SPH/EAW/SPX\r\n", strings.Repeat("OSI/X\r\n", 21000), cargoimp.MessageTooLong, 1, "message", true, false},
	// houses
	{houses, "FHL/4", "FHL/9", cargoimp.UnknownVersion, 1, "version", false, false},
	{houses, "MBI/969-10000023AMMJFK/T25K410.5\r\n", "", cargoimp.MissingWaybill, 2, "MBI", true, false},
	{houses, "MBI/969-10000023", "MBI/", cargoimp.BadWaybillFormat, 2, "waybill number", true, false},
	{houses, "MBI/969-10000023", "MBI/969-10000024", cargoimp.CheckDigit, 2, "waybill number", false, false},
	{houses, "/T25K410.5", "/T12K410.5", cargoimp.HousesExceed, 2, "MBI", false, false},
	{houses, "/T25K410.5", "/T25K200", cargoimp.HousesExceed, 2, "MBI", false, false},
	{houses, "HBS/PF26H0001", "HBS/", cargoimp.MissingHouse, 3, "house number", false, true},
	{houses, "HBS/PF26H0001", "HBS/" + strings.Repeat("A", 36), cargoimp.InvalidHouse, 3, "house number", false, true},
	{houses, "HBS/PF26H0001", "HBS/PF26H0001-0001-A", cargoimp.InvalidHouse, 3, "house number", false, false},
	{houses, "HBS/PF26H0001", "HBS/PF26_H001", cargoimp.InvalidHouse, 3, "house number", false, false},
	{houses, "HBS/PF26H0002", "HBS/PF26H0001", cargoimp.RepeatHouse, 17, "house number", false, true},
	{houses, "HBS/PF26H0002", "HBS/PF26-H 0001", cargoimp.RepeatHouse, 17, "house number", false, true},
	{houses, "PF26H0001/AMMJFK", "PF26H0001/AMM", cargoimp.InvalidRouting, 3, "origin and destination", false, false},
	{houses, "/10/K120.5", "/TEN/K120.5", cargoimp.InvalidQuantity, 3, "pieces", false, true},
	{houses, "/10/K120.5", "//K120.5", cargoimp.MissingQuantity, 3, "pieces", false, true},
	{houses, "/10/K120.5", "/10/120.5", cargoimp.MissingUnit, 3, "weight code", false, true},
	{houses, "/10/K120.5", "/10/", cargoimp.MissingWeight, 3, "weight", false, true},
	{houses, "/K120.5/10/", "/K120.5/MANY/", cargoimp.InvalidField, 3, "shipper's count", false, false},
	{houses, "/OLIVE OIL SOAP\r\n", "/OLIVE OIL SOAP BARS\r\n", cargoimp.FieldTooLong, 3, "goods description", false, false},
	{houses, "/OLIVE OIL SOAP\r\n", "/OLIVE/OIL\r\n", cargoimp.SlantInText, 3, "goods description", false, false},
	{houses, "/SPX/EAW", "/SPX/EAWB", cargoimp.InvalidField, 4, "special handling code", false, false},
	{houses, "TXT/HANDMADE OLIVE OIL SOAP BARS", "TXT/" + strings.Repeat("SOAP\r\n/", 10) + "SOAP", cargoimp.FieldTooLong, 14, "TXT", false, false},
	{houses, "HTS/340111", "HTS/3401", cargoimp.InvalidHS, 6, "HS code", false, false},
	{houses, "HTS/340111", "HTS/SOAP", cargoimp.InvalidHS, 6, "HS code", false, false},
	{houses, "OLIVE OIL SOAP\r\n/SPX/EAW\r\nTXT/HANDMADE OLIVE OIL SOAP BARS", "GIFTS\r\n/SPX/EAW\r\nTXT/GOODS", cargoimp.MissingDescription, 5, "goods description", false, false},
	{houses, "PUMP SEALS", "", cargoimp.MissingDescription, 17, "goods description", false, false},
	{houses, "PUMP SEALS\r\nHTS/401693", "SEALS", cargoimp.ShortDescription, 17, "goods description", false, false},
	{houses, "PUMP SEALS", "TOOLS", cargoimp.VagueDescription, 17, "goods description", false, false},
	{houses, "SHP/PETRA SOAP WORKS\r\n/12 KING HUSSEIN STREET\r\n/AMMAN\r\n/JO/11118/TE/96265550101\r\n", "", cargoimp.MissingShipper, 3, "shipper", false, false},
	{houses, "CNE/RIVERTON PUMP SERVICE INC\r\n/9 DOCK ROAD\r\n/NEWARK/NJ\r\n/US/07105\r\n", "", cargoimp.MissingConsignee, 17, "consignee", false, false},
	{houses, "CNE/RIVERTON PUMP SERVICE INC", "CNE/", cargoimp.MissingConsigneeName, 23, "consignee name", false, false},
	{houses, "/77 ORCHARD AVENUE\r\n", "", cargoimp.MissingConsigneeAddr, 13, "consignee street", false, false},
	{houses, "HBS/PF26H0002", "MBI/969-10000012AMMFRA/T1K1\r\nHBS/PF26H0002", cargoimp.DuplicateLine, 17, "MBI", false, true},
	{houses, houses[strings.Index(houses, "HBS/PF26H0001"):], "", cargoimp.MissingHouse, 2, "HBS", true, false},
	// answers
	{"PSN\r\n969-10000012\r\nCSN/SR/14MAR0800/NO ERRORS\r\n", "14MAR0800", "14MAR2500", cargoimp.InvalidDate, 3, "time of the status", false, false},
	{"PSN\r\n969-10000012\r\nCSN/SR/14MAR0800/NO ERRORS\r\n", "CSN/SR", "CSN/SRX", cargoimp.InvalidField, 3, "status code", true, false},
	{"PSN\r\n969-10000012\r\nCSN/SR/14MAR0800/NO ERRORS\r\n", "CSN/SR/14MAR0800/NO ERRORS\r\n", "", cargoimp.MissingLine, 1, "CSN", true, false},
	{"PSN\r\n969-10000012\r\nCSN/SR/14MAR0800/NO ERRORS\r\n", "969-10000012", "969-100000", cargoimp.BadWaybillFormat, 2, "waybill number", true, false},
	{"PSN\r\n969-10000012\r\nCSN/SR/14MAR0800/NO ERRORS\r\n", "969-10000012", "969-10000012X", cargoimp.BadWaybillFormat, 2, "house number", true, false},
	{"PER\r\n969-10000012\r\nERR/422/MISSING_CNE_ADDR\r\n", "ERR/422/", "ERR/X/", cargoimp.InvalidField, 3, "error", true, false},
	{"PER\r\n969-10000012\r\nERR/422/MISSING_CNE_ADDR\r\n", "ERR/422/MISSING_CNE_ADDR\r\n", "", cargoimp.MissingLine, 1, "ERR", true, false},
	{"FMA/0\r\nACK/MESSAGE RECEIVED\r\nFWB/16\r\n", "ACK/MESSAGE RECEIVED\r\n", "", cargoimp.MissingLine, 1, "ACK", false, false},
	{"FXX\r\n969-10000012\r\n", "969-10000012\r\n", "", cargoimp.MissingWaybill, 1, "waybill number", true, false},
	{"FXX\r\n969-10000012\r\n", "969-10000012", "969-10000012-", cargoimp.BadWaybillFormat, 2, "house number", true, false},
}

// Everything that is broken is told by its rule, at its line and field, with how to mend it; only what cannot be used is
// refused, and of several houses only the broken one is lost.
func TestBroken(t *testing.T) {
	t.Parallel()
	for _, c := range cases {
		name := c.rule + " " + c.new
		if !strings.Contains(c.in, c.old) {
			t.Errorf("%s: %q is not in the message", name, c.old)
			continue
		}
		m := one(t, []byte(strings.Replace(c.in, c.old, c.new, 1)))
		f := find(faults(m), c.rule, c.line)
		switch {
		case f == nil:
			t.Errorf("%.80q: %s is not told at line %d, but %v", name, c.rule, c.line, faults(m))
		case f.Field != c.field || f.Message == "" || f.Mend == "":
			t.Errorf("%.80q: told as %+v, want field %q", name, f, c.field)
		}
		if (m.Error != nil) != c.refused || (len(m.Lost) > 0) != c.lost {
			t.Errorf("%.80q: refused %v, lost %v", name, m.Error, m.Lost)
		}
		if c.lost && c.in == houses && len(m.FHL.Houses) != 1 && c.rule != cargoimp.DuplicateLine {
			t.Errorf("%.80q: %d houses are left, want one", name, len(m.FHL.Houses))
		}
	}
	if len(cases) < 40 {
		t.Errorf("only %d cases", len(cases))
	}
}

// Whoever files a message that is refused hears of all that is wrong with it, and of a house that is lost likewise.
func TestAllAtOnce(t *testing.T) {
	t.Parallel()
	edits := strings.NewReplacer("/T10K250.5MC1.25", "/TXXK250.5MC1.25", "/FABRIKSTRASSE 9", "/UNKNOWN", "/3/NH/902620", "/3/NH/9026")
	m := one(t, []byte(edits.Replace(waybill)))
	if m.Error == nil || m.Error.Rule != cargoimp.InvalidQuantity || find(m.Warnings, cargoimp.MissingConsigneeAddr, 12) == nil || find(m.Warnings, cargoimp.InvalidHS, 23) == nil {
		t.Errorf("%v, %v", m.Error, m.Warnings)
	}
	text := cargoimp.Reject(m, []byte(waybill)).Answer.Text
	if len(text) != 3 || !strings.HasPrefix(text[0], "AWB0040") {
		t.Errorf("%q", text)
	}
	edits = strings.NewReplacer("/10/K120.5", "/TEN/K120.5", "HTS/340111", "HTS/3401", "MBI/969-10000023", "MBI/969-1000002X")
	m = one(t, []byte(edits.Replace(houses)))
	if m.Error == nil || m.Error.Rule != cargoimp.BadWaybillFormat || find(m.Warnings, cargoimp.InvalidQuantity, 3) == nil || find(m.Warnings, cargoimp.InvalidHS, 6) == nil || len(m.Lost) > 0 {
		t.Errorf("%v, %v, %v", m.Error, m.Warnings, m.Lost)
	}
}

// The messages that the cases break are faultless themselves.
func TestUnbroken(t *testing.T) {
	t.Parallel()
	for _, text := range []string{waybill, houses} {
		if said := faults(one(t, []byte(text))); len(said) > 0 {
			t.Errorf("%.20q: %v", text, said)
		}
	}
}

// Several messages in one file stand alone: a broken one does not keep the others from being read, and each has its place.
func TestSeveral(t *testing.T) {
	t.Parallel()
	heading := "QU AMMCI9X\r\n.JFKFM9X 151422\r\n"
	raw := heading + waybill + "NNNN\r\n" + strings.Replace(waybill, "969-10000012", "nonsense", 1) + houses + "\x03\r\n" + heading + "PSN\r\n969-10000012\r\nCSN/SR/14MAR0800/NO ERRORS\r\n"
	var got []string
	for _, m := range all(t, []byte(raw)) {
		what := m.Format + " " + m.Reference()
		if m.Error != nil {
			what += m.Error.Rule
		}
		got = append(got, what)
		own := raw[m.Offset : m.Offset+m.Length]
		if !strings.EqualFold(own[:3], m.Format) || strings.Count(raw[:m.Offset], "\n")+1 != m.Line || strings.Contains(own, "NNNN") || strings.Contains(own, "QU ") {
			t.Errorf("%s is at %d+%d, line %d: %.20q … %.20q", what, m.Offset, m.Length, m.Line, own, own[len(own)-20:])
		}
	}
	if want := "fwb 969-10000012,fwb BAD_WBL_FORMAT,fhl 969-10000023,psn 969-10000012"; strings.Join(got, ",") != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// A file without a message is one refusal, never silence.
func TestNothing(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "\r\n\r\n", "hello", "\x00\xff", "QU AMMCI9X\r\n.JFKFM9X 151422\r\n", strings.Repeat("x\n", 100)} {
		if m := one(t, []byte(raw)); m.Error == nil || m.Error.Rule != cargoimp.InvalidMessageType || m.Error.Line != 1 {
			t.Errorf("%q: %+v", raw, m.Error)
		}
	}
}

// Every line end the trade writes ends a line, and dirt round a line does not count.
func TestLineEnds(t *testing.T) {
	t.Parallel()
	want := one(t, []byte(waybill))
	for name, edit := range map[string]func(string) string{
		"LF":        func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") },
		"CR":        func(s string) string { return strings.ReplaceAll(s, "\r\n", "\r") },
		"CR CR LF":  func(s string) string { return strings.ReplaceAll(s, "\r\n", "\r\r\n") },
		"blanks":    func(s string) string { return strings.ReplaceAll(s, "\r\n", " \t\r\n") },
		"SOH ETX":   func(s string) string { return "\x01" + s + "\x03" },
		"end marks": func(s string) string { return s + "NNNN\r\n\r\nZZZZ\r\n" },
		"AWB":       func(s string) string { return strings.Replace(s, "969-", "AWB/969-", 1) },
		"no hyphen": func(s string) string { return strings.Replace(s, "969-", "969", 1) },
		"blank":     func(s string) string { return strings.Replace(s, "969-", "969 ", 1) },
	} {
		got := one(t, []byte(edit(waybill)))
		if said := faults(got); len(said) > 0 {
			t.Errorf("%s: %v", name, said)
			continue
		}
		if string(got.FWB.Waybill) != string(want.FWB.Waybill) || got.FWB.Issue.Place != want.FWB.Issue.Place || len(got.FWB.OCI) != len(want.FWB.OCI) {
			t.Errorf("%s: read otherwise: %+v", name, got.FWB)
		}
	}
}

// A hostile message tells no more faults than anybody reads.
func TestFaultsAreBounded(t *testing.T) {
	t.Parallel()
	m := one(t, []byte(waybill+strings.Repeat("what\r\n", 4000)))
	if n := len(faults(m)); n > 250 {
		t.Errorf("%d faults", n)
	}
}

// What a telex cannot carry is not written, and says why.
func TestWriteStrictly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*cargoimp.FWB)
		field  string
	}{
		"check digit":  {func(b *cargoimp.FWB) { b.Waybill = "969-10000013" }, "waybill number"},
		"no number":    {func(b *cargoimp.FWB) { b.Waybill = "" }, "waybill number"},
		"airport":      {func(b *cargoimp.FWB) { b.Origin = "AM" }, "origin and destination"},
		"pieces":       {func(b *cargoimp.FWB) { b.Pieces = 0 }, "pieces"},
		"weight":       {func(b *cargoimp.FWB) { b.Weight.Value = "12.3456789" }, "weight"},
		"unit":         {func(b *cargoimp.FWB) { b.Weight.Unit = "G" }, "weight code"},
		"slant":        {func(b *cargoimp.FWB) { b.Shipper.Names = []string{"A/B"} }, "shipper name"},
		"small":        {func(b *cargoimp.FWB) { b.Shipper.Names = []string{"Jabal"} }, "shipper name"},
		"Arabic":       {func(b *cargoimp.FWB) { b.Consignee.Streets = []string{"شارع"} }, "consignee street"},
		"two names":    {func(b *cargoimp.FWB) { b.Shipper.Names = []string{"A", "B"} }, "shipper name"},
		"long name":    {func(b *cargoimp.FWB) { b.Shipper.Names = []string{strings.Repeat("A", 36)} }, "shipper name"},
		"no consignee": {func(b *cargoimp.FWB) { b.Consignee = nil }, "consignee"},
		"country":      {func(b *cargoimp.FWB) { b.Shipper.Country = "" }, "shipper country"},
		"no routing":   {func(b *cargoimp.FWB) { b.Routing = nil }, "RTG"},
		"no rates":     {func(b *cargoimp.FWB) { b.Rates = nil }, "RTD"},
		"no issue":     {func(b *cargoimp.FWB) { b.Issue = nil }, "ISU"},
		"no sender":    {func(b *cargoimp.FWB) { b.Sender = nil }, "REF"},
		"no charges":   {func(b *cargoimp.FWB) { b.Charges = nil }, "CVD"},
		"handling":     {func(b *cargoimp.FWB) { b.Handling = []string{"SPXX"} }, "special handling code"},
		"flight day":   {func(b *cargoimp.FWB) { b.Flights[0].Day = 0 }, "flight day"},
		"control":      {func(b *cargoimp.FWB) { b.Certification = "R\r\nHADDAD" }, "signature"},
	} {
		m := one(t, []byte(waybill))
		test.change(m.FWB)
		written, err := cargoimp.AppendFWB([]byte("kept"), m.FWB, 16)
		if err == nil || string(written) != "kept" || !strings.Contains(err.Error(), test.field) {
			t.Errorf("%s: %v, %q", name, err, written)
		}
	}
	if _, err := cargoimp.Append(nil, &cargoimp.Message{}); err == nil {
		t.Error("an empty message is written")
	}
}

// What is not read is written back: known lines where they belong, unknown ones at the end, a house's under the house.
func TestKept(t *testing.T) {
	t.Parallel()
	head, codes, _ := strings.Cut(waybill, "OCI/")
	text := strings.Replace(head, "REF/AMMCS9X\r\n", "CDC/EUR1.08/950/20/970\r\nREF/AMMCS9X\r\nCOI/SOMETHING OF A COMMISSION\r\n", 1) + "NOM/RAMP SERVICES/FRANKFURT\r\nSRI/PF26000417//PO 4711\r\nOCI/" + codes + "XYZ/UNKNOWN\r\n/AND MORE\r\n"
	m := one(t, []byte(text))
	written, err := cargoimp.Append(nil, m)
	if err != nil || string(written) != text || len(m.Unread) != 2 {
		t.Errorf("%v\n%s", err, written)
	}
	text = strings.Replace(houses, "HBS/PF26H0002", "XYZ/OF THE FIRST HOUSE\r\nHBS/PF26H0002", 1)
	m = one(t, []byte(text))
	written, err = cargoimp.Append(nil, m)
	if err != nil || string(written) != text || len(m.Unread) != 1 || m.Unread[0].House != "PF26H0001" {
		t.Errorf("%v\n%s", err, written)
	}
}

// Houses that do not fit one message are sent in several, each under its master.
func TestSplit(t *testing.T) {
	t.Parallel()
	m := one(t, []byte(houses))
	first := m.FHL.Houses[0]
	m.FHL.Total.Pieces, m.FHL.Total.Weight.Value = 9999, "99999"
	for i := range 30 {
		h := first
		h.Number = "PF26X" + string(rune('A'+i%26)) + string(rune('A'+i/26))
		m.FHL.Houses = append(m.FHL.Houses, h)
	}
	written, err := cargoimp.Append(nil, m)
	if err != nil {
		t.Fatal(err)
	}
	list := all(t, written)
	n := 0
	for _, part := range list {
		if part.Length > 3500 || part.FHL.Master != m.FHL.Master || len(faults(part)) > 0 {
			t.Errorf("%d bytes under %s, %v", part.Length, part.FHL.Master, faults(part))
		}
		n += len(part.FHL.Houses)
	}
	if n != len(m.FHL.Houses) || len(list) < 3 {
		t.Errorf("%d houses in %d messages", n, len(list))
	}
}

// What the description of a waybill was cut from is put together again.
func TestDescription(t *testing.T) {
	t.Parallel()
	text := strings.Replace(waybill, "/NG/PRESSURE GAUGES FOR\r\n/2/NG/WATER PUMPS", "/NG/CENTRIFUGAL PUMP WIT\r\n/2/NG/H SPARE SEALS", 1)
	if got := one(t, []byte(text)).FWB.Description(); got != "CENTRIFUGAL PUMP WITH SPARE SEALS" {
		t.Errorf("%q", got)
	}
	text = strings.Replace(waybill, "/NG/PRESSURE GAUGES FOR\r\n/2/NG/WATER PUMPS", "/NC/CONSOLIDATED CA\r\n/2/NC/S PER ATTACHED MANIF\r\n/NC/EST", 1)
	if m := one(t, []byte(text)); !m.FWB.Consolidation() || find(faults(m), goods.DescriptionVague, 21) != nil {
		t.Errorf("a consolidation is judged as goods: %v", faults(m))
	}
}
