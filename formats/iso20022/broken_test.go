package iso20022_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/iso20022"
)

const (
	pacs = "testdata/pacs008-01-clean.xml"
	pain = "testdata/pain001-01.xml"
	camt = "testdata/camt053-01.xml"
	tx   = "Document/FIToFICstmrCdtTrf/CdtTrfTxInf[1]"
	ntry = "Document/BkToCstmrStmt/Stmt[1]/Ntry[1]"
)

// Every fault that can be made by changing one place of a clean message is told at that place.
func TestFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, old, new, rule, path string }{
		"no reference":             {pacs, "<MsgId>DLMN20260514000077</MsgId>", "", "missing_element", "Document/FIToFICstmrCdtTrf/GrpHdr/MsgId"},
		"an empty reference":       {pacs, "<MsgId>DLMN20260514000077</MsgId>", "<MsgId/>", "empty_element", "Document/FIToFICstmrCdtTrf/GrpHdr/MsgId"},
		"an impossible instant":    {pacs, "2026-05-14T12:40:11", "2026-05-14T25:40:11", "bad_date", "Document/FIToFICstmrCdtTrf/GrpHdr/CreDtTm"},
		"a count that is wrong":    {pacs, "<NbOfTxs>1<", "<NbOfTxs>2<", "count_mismatch", "Document/FIToFICstmrCdtTrf/GrpHdr/NbOfTxs"},
		"a count of words":         {pacs, "<NbOfTxs>1<", "<NbOfTxs>one<", "count_mismatch", "Document/FIToFICstmrCdtTrf/GrpHdr/NbOfTxs"},
		"a total that is wrong":    {pacs, "<NbOfTxs>1</NbOfTxs>", "<NbOfTxs>1</NbOfTxs><CtrlSum>59412.00</CtrlSum>", "total_mismatch", "Document/FIToFICstmrCdtTrf/GrpHdr/CtrlSum"},
		"a total of words":         {pacs, "<NbOfTxs>1</NbOfTxs>", "<NbOfTxs>1</NbOfTxs><CtrlSum>much</CtrlSum>", "bad_amount", "Document/FIToFICstmrCdtTrf/GrpHdr/CtrlSum"},
		"an unknown settlement":    {pacs, "<SttlmMtd>INDA<", "<SttlmMtd>CASH<", "unknown_code", "Document/FIToFICstmrCdtTrf/GrpHdr/SttlmInf/SttlmMtd"},
		"a UETR in capitals":       {pacs, "7c1f0a52-6a5e-4c0e", "7C1F0A52-6A5E-4C0E", "bad_uetr", tx + "/PmtId/UETR"},
		"a UETR of version 1":      {pacs, "7c1f0a52-6a5e-4c0e", "7c1f0a52-6a5e-1c0e", "bad_uetr", tx + "/PmtId/UETR"},
		"no end-to-end reference":  {pacs, "<EndToEndId>INV-2026-1190</EndToEndId>", "", "missing_element", tx + "/PmtId/EndToEndId"},
		"a reference too long":     {pacs, "<EndToEndId>INV-2026-1190", "<EndToEndId>" + strings.Repeat("1", 36), "too_long", tx + "/PmtId/EndToEndId"},
		"too many decimals":        {pacs, `<IntrBkSttlmAmt Ccy="USD">59413.00`, `<IntrBkSttlmAmt Ccy="USD">59413.005`, "too_many_decimals", tx + "/IntrBkSttlmAmt"},
		"nothing at all":           {pacs, `<IntrBkSttlmAmt Ccy="USD">59413.00`, `<IntrBkSttlmAmt Ccy="USD">0.00`, "zero_amount", tx + "/IntrBkSttlmAmt"},
		"an instructed sum wrong":  {pacs, `<InstdAmt Ccy="USD">59413.00`, `<InstdAmt Ccy="USD">59.413,00`, "bad_amount", tx + "/InstdAmt"},
		"a rate of nought":         {pacs, "<ChrgBr>SHAR", "<XchgRate>0</XchgRate><ChrgBr>SHAR", "bad_amount", tx + "/XchgRate"},
		"a rate that does not fit": {pacs, `<InstdAmt Ccy="USD">59413.00</InstdAmt>`, `<InstdAmt Ccy="EUR">50000.00</InstdAmt><XchgRate>1.9</XchgRate>`, "rate_mismatch", tx + "/XchgRate"},
		"a day no calendar has":    {pacs, "<IntrBkSttlmDt>2026-05-15", "<IntrBkSttlmDt>2026-02-29", "bad_date", tx + "/IntrBkSttlmDt"},
		"a local form of date":     {pacs, "<IntrBkSttlmDt>2026-05-15", "<IntrBkSttlmDt>15/05/2026", "bad_date", tx + "/IntrBkSttlmDt"},
		"no day":                   {pacs, "<IntrBkSttlmDt>2026-05-15</IntrBkSttlmDt>", "", "missing_element", tx + "/IntrBkSttlmDt"},
		"charges of nobody":        {pacs, "<ChrgBr>SHAR", "<ChrgBr>OUR", "unknown_code", tx + "/ChrgBr"},
		"a BIC of seven":           {pacs, "<InstdAgt><FinInstnId><BICFI>FRSTUS33", "<InstdAgt><FinInstnId><BICFI>FRSTUS3", "bad_bic", tx + "/InstdAgt/FinInstnId/BICFI"},
		"a bank without a name":    {pacs, "<CdtrAgt><FinInstnId><BICFI>FRSTUS33</BICFI>", "<CdtrAgt><FinInstnId>", "nameless_agent", tx + "/CdtrAgt/FinInstnId"},
		"a BIC and a name":         {pacs, "<CdtrAgt><FinInstnId><BICFI>FRSTUS33</BICFI>", "<CdtrAgt><FinInstnId><BICFI>FRSTUS33</BICFI><Nm>First</Nm>", "bic_and_name", tx + "/CdtrAgt/FinInstnId/BICFI"},
		"a wrong IBAN":             {pacs, "BH45DLMN00001299123456", "BH45DLMN00001299123465", "bad_iban", tx + "/DbtrAcct/Id/IBAN"},
		"an account two ways":      {pacs, "<IBAN>BH45DLMN00001299123456</IBAN>", "<IBAN>BH45DLMN00001299123456</IBAN><Othr><Id>1</Id></Othr>", "both_accounts", tx + "/DbtrAcct/Id/Othr[1]"},
		"a country nobody is":      {pacs, "<Ctry>US</Ctry>", "<Ctry>XQ</Ctry>", "unknown_country", tx + "/Cdtr/PstlAdr/Ctry"},
		"an impossible birth":      {pacs, "<BirthDt>1984-07-12", "<BirthDt>1984-13-12", "bad_date", tx + "/Dbtr/Id/PrvtId/DtAndPlcOfBirth/BirthDt"},
		"two payers":               {pacs, "<DbtrAcct>", "<Dbtr><Nm>Another</Nm></Dbtr><DbtrAcct>", "repeated_element", tx + "/Dbtr[2]"},
		"out of order":             {pacs, "<Purp><Cd>GDDS</Cd></Purp>\n      <RmtInf><Ustrd>Invoice 1190 spare parts</Ustrd></RmtInf>", "<RmtInf><Ustrd>Invoice</Ustrd></RmtInf><Purp><Cd>GDDS</Cd></Purp>", "out_of_order", tx + "/Purp"},
		"a line too long":          {pacs, "Invoice 1190 spare parts", strings.Repeat("parts ", 30), "too_long", tx + "/RmtInf/Ustrd[1]"},
		"an LEI copied wrong":      {"testdata/pacs008-02-travel-rule-gaps.xml", "5299000J2N45DDNE4Y28", "5299000J2N45DDNE4Y82", "bad_lei", "Document/FIToFICstmrCdtTrf/CdtTrfTxInf[2]/Dbtr/Id/OrgId/LEI"},
		"one reference twice":      {"testdata/pacs008-02-travel-rule-gaps.xml", "5a0f0b7a-9a5e-4b6a-8f5d-64bb7c0f4f02", "0d0e8f8c-2b27-4b4f-8a35-3a4a9a9f6c10", "duplicate_uetr", "Document/FIToFICstmrCdtTrf/CdtTrfTxInf[2]/PmtId/UETR"},
		"a payer unnamed":          {pacs, "<Nm>Yusuf Alsample</Nm>", "<Nm>UNKNOWN</Nm>", "PAYER_NAME", tx + "/Dbtr/Nm"},
		"a payer nobody knows":     {pacs, "<Id><PrvtId><DtAndPlcOfBirth><BirthDt>1984-07-12</BirthDt><CityOfBirth>Manama</CityOfBirth><CtryOfBirth>BH</CtryOfBirth></DtAndPlcOfBirth></PrvtId></Id>", "", "PAYER_ID", tx + "/Dbtr"},
		"a payer's account":        {pacs, "<DbtrAcct><Id><IBAN>BH45DLMN00001299123456</IBAN></Id></DbtrAcct>", "", "PAYER_ACCOUNT", tx},
		"a payee unnamed":          {pacs, "<Nm>Greenfield General Trading</Nm>", "", "PAYEE_NAME", tx + "/Cdtr"},
		"a payee's account":        {pacs, "<CdtrAcct><Id><Othr><Id>000123456789</Id></Othr></Id></CdtrAcct>", "", "PAYEE_ACCOUNT", tx},
		"a person without address": {pacs, "<PstlAdr>\n          <StrtNm>Road 1203</StrtNm>\n          <BldgNb>14</BldgNb>\n          <TwnNm>Manama</TwnNm>\n          <Ctry>BH</Ctry>\n        </PstlAdr>", "", "R16_PAYER_ID", tx + "/Dbtr"},
		"a name of question marks": {pacs, "<Nm>Yusuf Alsample</Nm>", "<Nm>???????</Nm>", "CHARSET", tx + "/Dbtr/Nm"},
		"an order miscounted":      {pain, "<NbOfTxs>1<", "<NbOfTxs>7<", "count_mismatch", "Document/CstmrCdtTrfInitn/GrpHdr/NbOfTxs"},
		"an order's sum":           {pain, "<CtrlSum>22400.000", "<CtrlSum>22400.001", "total_mismatch", "Document/CstmrCdtTrfInitn/GrpHdr/CtrlSum"},
		"an order of nobody":       {pain, "<PmtMtd>TRF</PmtMtd>", "", "missing_element", "Document/CstmrCdtTrfInitn/PmtInf[1]/PmtMtd"},
		"an order on no day":       {pain, "<Dt>2026-05-14</Dt>", "<Dt>2026-14-05</Dt>", "bad_date", "Document/CstmrCdtTrfInitn/PmtInf[1]/ReqdExctnDt/Dt"},
		"balances that differ":     {camt, ">340.500<", ">341.500<", "total_mismatch", "Document/BkToCstmrStmt/Stmt[1]/Bal[2]"},
		"no direction":             {camt, "<Amt Ccy=\"BHD\">5650.000</Amt><CdtDbtInd>CRDT</CdtDbtInd>", "<Amt Ccy=\"BHD\">5650.000</Amt>", "missing_element", ntry + "/CdtDbtInd"},
		"another direction":        {camt, "<Amt Ccy=\"BHD\">5650.000</Amt><CdtDbtInd>CRDT", "<Amt Ccy=\"BHD\">5650.000</Amt><CdtDbtInd>PLUS", "unknown_code", ntry + "/CdtDbtInd"},
	} {
		clean := string(read(t, test.file))
		broken := strings.Replace(clean, test.old, test.new, 1)
		if broken == clean {
			t.Errorf("%s: the sample has no %q", name, test.old)
			continue
		}
		m := one(t, []byte(broken))
		found := false
		for _, w := range m.Warnings {
			if w.Rule == test.rule && w.Path == test.path {
				found = true
				if w.Line == 0 || w.Offset == 0 || w.Message == "" || w.Mend == "" {
					t.Errorf("%s: not located: %+v", name, w)
				}
			}
		}
		if !found {
			t.Errorf("%s: %s at %s is not told, but %v", name, test.rule, test.path, m.Warnings)
		}
	}
}

// A transfer without an amount anybody can read, or with broken markup, is lost; the other of its message is read.
func TestLost(t *testing.T) {
	t.Parallel()
	clean := string(read(t, "testdata/pacs008-02-travel-rule-gaps.xml"))
	for name, test := range map[string]struct{ old, new, rule string }{
		"no amount":               {`<IntrBkSttlmAmt Ccy="EUR">9950.00</IntrBkSttlmAmt>`, "", "missing_element"},
		"no currency":             {`<IntrBkSttlmAmt Ccy="EUR">9950`, `<IntrBkSttlmAmt>9950`, "bad_amount"},
		"a currency nobody has":   {`<IntrBkSttlmAmt Ccy="EUR">9950`, `<IntrBkSttlmAmt Ccy="EUX">9950`, "bad_amount"},
		"a thousands sign":        {"9950.00", "9,950.00", "bad_amount"},
		"below nought":            {"9950.00", "-9950.00", "bad_amount"},
		"as floats are":           {"9950.00", "9.95e3", "bad_amount"},
		"more digits than fit":    {"9950.00", "9950000000000000000.00", "bad_amount"},
		"crossed tags":            {"<Dbtr><Nm>ONE OF OUR CUSTOMERS</Nm></Dbtr>", "<Dbtr><Nm>ONE OF OUR CUSTOMERS</Dbtr></Nm>", "xml_syntax"},
		"an end forgotten":        {"</CdtTrfTxInf>", "", "xml_syntax"},
		"an own entity":           {"ONE OF OUR CUSTOMERS", "&customer;", "xml_entity"},
		"a naked ampersand":       {"ONE OF OUR CUSTOMERS", "A & B", "xml_entity"},
		"a control character":     {"ONE OF OUR CUSTOMERS", "A\x01B", "xml_character"},
		"nested beyond all sense": {"<Nm>ONE OF", strings.Repeat("<Nm>", 50) + "<Nm>ONE OF", "xml_depth"},
	} {
		broken := strings.Replace(clean, test.old, test.new, 1)
		m := one(t, []byte(broken))
		if len(m.Lost) != 1 || len(m.Transfers) != 1 || m.Count != 2 {
			t.Errorf("%s: %d lost, %d read of %d: %v", name, len(m.Lost), len(m.Transfers), m.Count, m.Lost)
			continue
		}
		f, rest := m.Lost[0], m.Transfers[0]
		if f.Rule != test.rule || f.Line == 0 || f.What != "transfer" || !strings.HasPrefix(f.Path, tx) || !strings.HasPrefix(broken[f.Offset:], "<CdtTrfTxInf>") || f.Length == 0 {
			t.Errorf("%s: %+v", name, f)
		}
		if rest.UETR != "5a0f0b7a-9a5e-4b6a-8f5d-64bb7c0f4f02" || rest.Number != 2 || rest.Settled.Amount.String() != "184000.00" {
			t.Errorf("%s: the other is %+v", name, rest)
		}
	}
}

// What is no message at all is refused with its place.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	clean := string(read(t, pacs))
	for name, test := range map[string]struct{ text, rule string }{
		"another message":    {strings.ReplaceAll(clean, "pacs.008.001.08", "pacs.009.001.08"), "unknown_message_type"},
		"a false namespace":  {strings.ReplaceAll(clean, "pacs.008.001.08", "camt.053.001.08"), "unknown_message_type"},
		"no document":        {`<?xml version="1.0"?><Envelope xmlns="urn:iso:std:iso:20022:tech:xsd:x"/>`, "unknown_message_type"},
		"an empty document":  {`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"/>`, "unknown_message_type"},
		"a document type":    {strings.Replace(clean, "<Document", "<!DOCTYPE Document [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Document", 1), "xml_doctype"},
		"cut in the header":  {clean[:strings.Index(clean, "<NbOfTxs>")], "xml_truncated"},
		"another encoding":   {strings.Replace(clean, "UTF-8", "ISO-8859-6", 1), "xml_encoding"},
		"nested in the head": {strings.Replace(clean, "<MsgId>", strings.Repeat("<MsgId>", 50), 1), "xml_depth"},
	} {
		var got []*fault.Fault
		err := iso20022.Read([]byte(test.text), func(_ *iso20022.Message, f *fault.Fault) error {
			got = append(got, f)
			return nil
		})
		if err != nil || len(got) != 1 || got[0] == nil || got[0].Rule != test.rule || got[0].Line == 0 || got[0].Message == "" || got[0].Mend == "" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// A file cut short keeps the transfers before the cut, and says that it is.
func TestCutShort(t *testing.T) {
	t.Parallel()
	clean := string(read(t, "testdata/pacs008-02-travel-rule-gaps.xml"))
	m := one(t, []byte(clean[:strings.LastIndex(clean, "<Cdtr>")]))
	if len(m.Transfers) != 1 || len(m.Lost) != 1 || m.Lost[0].Rule != "xml_truncated" {
		t.Errorf("%d read, lost %v", len(m.Transfers), m.Lost)
	}
	told := false
	for _, w := range m.Warnings {
		told = told || w.Rule == "xml_truncated" && w.Strict
	}
	if !told {
		t.Errorf("nothing is told of the cut: %v", m.Warnings)
	}
}

// Messages inside the envelope of a business message are found, and each document of a file is read.
func TestEnvelope(t *testing.T) {
	t.Parallel()
	clean := string(read(t, pacs))
	inner := clean[strings.Index(clean, "<Document"):]
	text := "<?xml version=\"1.0\"?><BusMsg xmlns=\"urn:x\"><AppHdr><Fr/></AppHdr>" + inner + "</BusMsg>\n" + strings.ReplaceAll(clean, "pacs.008.001.08", "pacs.008.001.13")
	var got []string
	err := iso20022.Read([]byte(text), func(m *iso20022.Message, f *fault.Fault) error {
		if f != nil {
			t.Fatal(f)
		}
		got = append(got, m.Version, m.Transfers[0].UETR)
		return nil
	})
	want := []string{"pacs.008.001.08", "7c1f0a52-6a5e-4c0e-9f0b-0c2f7a6b1d21", "pacs.008.001.13", "7c1f0a52-6a5e-4c0e-9f0b-0c2f7a6b1d21"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if !iso20022.Recognise([]byte(text)) || iso20022.Recognise([]byte("<report/>")) || iso20022.Recognise([]byte("{}")) {
		t.Error("the envelope is not recognised, or what is none")
	}
}

// Prefixes and versions change nothing of what is read.
func TestPrefix(t *testing.T) {
	t.Parallel()
	clean := string(read(t, "testdata/pacs008-02-travel-rule-gaps.xml"))
	prefixed := strings.NewReplacer("<?", "<?", "<!", "<!", "</", "</p:", "<", "<p:", "xmlns=", "xmlns:p=").Replace(clean)
	want, got := one(t, []byte(clean)), one(t, []byte(prefixed))
	if diff := cmp.Diff(want.Transfers, got.Transfers, same...); diff != "" {
		t.Error(diff)
	}
}

// Who is named inside a line is found, and what is no name is not.
func TestMentions(t *testing.T) {
	t.Parallel()
	clean := string(read(t, pacs))
	for line, want := range map[string][]iso20022.Mention{
		"ON BEHALF OF SAMI OMAR EXAMPLE, PO BOX 1":      {{Kind: "party", Name: "SAMI OMAR EXAMPLE", In: "remittance"}},
		"for and on behalf of Acme Trading WLL inv 12":  {{Kind: "party", Name: "Acme Trading WLL", In: "remittance"}},
		"B/O NOOR AL SAMPLE 17 HIGH ST":                 {{Kind: "party", Name: "NOOR AL SAMPLE", In: "remittance"}},
		"IN FAVOUR OF INVOICE 4711":                     nil,
		"B/O 884412":                                    nil,
		"C/O Yusuf Alsample":                            nil, // who is named openly
		"BOX OFFICE SALES OF MAY":                       nil,
		"MV INVENTED STAR IMO 9999993 VOY 12":           {{Kind: "vessel", Name: "9999993", In: "remittance"}},
		"IMO 9999994 (its last digit is wrong)":         nil,
		"CHARTER IMO:9074729, C/O HARBOUR MASTER":       {{Kind: "party", Name: "HARBOUR MASTER", In: "remittance"}, {Kind: "vessel", Name: "9074729", In: "remittance"}},
		"\u0646\u064a\u0627\u0628\u0629 \u0639\u0646 x": nil,
	} {
		m := one(t, []byte(strings.Replace(clean, "Invoice 1190 spare parts", line, 1)))
		if diff := cmp.Diff(want, m.Transfers[0].Mentions); diff != "" {
			t.Errorf("%s: %s", line, diff)
		}
	}
}

// The rules ask for different things: below their amount names and accounts are enough, and between persons FATF asks
// for address and birth date.
func TestGaps(t *testing.T) {
	t.Parallel()
	transfer := *one(t, read(t, pacs)).Transfers[0]
	debtor := *transfer.Debtor
	transfer.Debtor = &debtor
	for _, by := range []iso20022.Profile{iso20022.EU2023, iso20022.R16} {
		if gaps := iso20022.Gaps(&transfer, by, true); len(gaps) != 0 {
			t.Errorf("%s: %v", by, gaps)
		}
	}
	debtor.Address = iso20022.Address{}
	if gaps := iso20022.Gaps(&transfer, iso20022.EU2023, true); len(gaps) != 0 { // birth date and place are enough
		t.Errorf("%v", gaps)
	}
	if diff := cmp.Diff([]iso20022.Gap{iso20022.PayerID}, iso20022.Gaps(&transfer, iso20022.R16, true)); diff != "" {
		t.Error(diff)
	}
	if gaps := iso20022.Gaps(&transfer, iso20022.R16, false); len(gaps) != 0 {
		t.Errorf("%v", gaps)
	}
}

// However much of a message is bad, it is read in time that grows with it alone.
func TestFloods(t *testing.T) {
	t.Parallel()
	const n = 50_000
	clean, entry := string(read(t, camt)), "<Ntry><Amt>x</Amt></Ntry>"
	statement := strings.Replace(clean, "<Ntry>", strings.Repeat(entry, n)+"<Ntry>", 1)
	if m := one(t, []byte(statement)); len(m.Lost) != n || len(m.Statements[0].Entries) != 5 {
		t.Errorf("%d lost", len(m.Lost))
	}
	transfers := strings.Replace(string(read(t, pacs)), "<CdtTrfTxInf>", strings.Repeat("<CdtTrfTxInf><a></b>", n)+"<CdtTrfTxInf>", 1)
	if m := one(t, []byte(transfers)); len(m.Lost) != n || len(m.Transfers) != 1 || m.Transfers[0].Number != n+1 {
		t.Errorf("%d lost", len(m.Lost))
	}
	odd := strings.Replace(string(read(t, pacs)), "<CdtTrfTxInf>", strings.Repeat("<CdtTrfTxInf><IntrBkSttlmAmt Ccy=\"USD\">1.00</IntrBkSttlmAmt></CdtTrfTxInf>", n/10)+"<CdtTrfTxInf>", 1)
	if m := one(t, []byte(odd)); len(m.Transfers) != n/10+1 || len(m.Warnings) != iso20022.MaxFaults || m.More < n {
		t.Errorf("%d read, %d warnings and %d more", len(m.Transfers), len(m.Warnings), m.More)
	}
}
