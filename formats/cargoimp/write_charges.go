package cargoimp

import "strconv"

func (w *writer) charges(c *Charges, house bool) {
	if c == nil {
		w.refuse(MissingLine, "CVD", "declare currency, payment and values", "the charge declaration (CVD) is missing")
		return
	}
	w.begin("CVD")
	w.code(InvalidField, "currency", c.Currency, 3)
	if !house {
		w.text("charge code", c.Code, 2)
	}
	w.text("prepaid or collect", c.Payment, 2)
	w.value("value for carriage", c.Carriage, noCarriage)
	w.value("value for customs", c.Customs, noCustoms)
	w.value("value insured", c.Insured, noInsurance)
	w.end()
}

// value is a declared value, or the word for none.
func (w *writer) value(name string, d Decimal, none string) {
	if d == "" {
		w.b = append(append(w.b, '/'), none...)
		return
	}
	w.decimal(InvalidAmount, name, "/", d, maxDecimal)
}

// rates writes RTD: rate lines, each with its goods, numbered through; the first goods line of each goes without a number.
func (w *writer) rates(rates []Rate) {
	if len(rates) == 0 {
		w.refuse(MissingLine, "RTD", "give a rate line with the goods", "the rate description (RTD) is missing")
		return
	}
	n := 0
	for i := range rates {
		rate := &rates[i]
		n++
		w.begin(tagged("RTD", i == 0))
		w.number(LineNumber, "line number", "/", n, 99)
		w.rate(rate)
		w.end()
		for j := range rate.Goods {
			w.begin("")
			if j > 0 {
				n++
				w.number(LineNumber, "line number", "/", n, 99)
			}
			w.goods(&rate.Goods[j])
			w.end()
		}
	}
}

func (w *writer) rate(rate *Rate) {
	if rate.Pieces != 0 {
		w.number(InvalidQuantity, "pieces", "/P", rate.Pieces, 9999)
	}
	if rate.Weight != nil {
		w.b = append(w.b, '/')
		w.weight(rate.Weight)
	}
	for _, f := range []struct{ name, prefix, text string }{{"rate class", "C", rate.Class}, {"item", "S", rate.Item}} {
		if f.text != "" {
			w.text(f.name, f.prefix+f.text, 8)
		}
	}
	for _, f := range []struct {
		name, prefix string
		value        Decimal
	}{{"chargeable weight", "/W", rate.Chargeable}, {"rate", "/R", rate.Rate}, {"total", "/T", rate.Total}} {
		if f.value != "" {
			w.decimal(InvalidAmount, f.name, f.prefix, f.value, maxDecimal)
		}
	}
}

func (w *writer) goods(g *Goods) {
	w.b = append(append(w.b, '/'), g.Kind...)
	switch {
	case g.Kind == "ND" && g.Dimensions != nil:
		w.dimensions(g.Dimensions)
	case g.Kind == "NV" && g.Volume != nil:
		w.b = append(w.b, '/')
		w.volume(g.Volume)
	case g.Kind == "NS" && g.Text == "":
		w.number(InvalidField, "shipper's count", "/", g.Count, 99999)
	case g.Kind == "NH" && g.HS != "":
		w.hs(g.HS)
	case g.Kind == "NO":
		w.nation(InvalidCountry, "country of origin", g.Country)
	case g.Kind == "NG", g.Kind == "NC", g.Kind == "NU":
		w.must(MissingDescription, "goods description", g.Text, goodsLength)
	default:
		w.refuse(InvalidField, g.Kind, "give what the line is for", "a goods line "+strconv.Quote(g.Kind)+" says nothing that can be written")
	}
}

func (w *writer) dimensions(d *Dimensions) {
	w.b = append(w.b, '/')
	if d.Weight != nil {
		w.weight(d.Weight)
	}
	if d.None {
		w.b = append(w.b, "/NDA"...)
		return
	}
	if !lengthUnits[d.Unit] {
		w.refuse(InvalidField, "ND", "write CMT, INH, MTR or FOT", "the unit of the dimensions is "+strconv.Quote(d.Unit))
	}
	w.number(InvalidField, "length", "/"+d.Unit, d.Length, 99999)
	w.number(InvalidField, "width", "-", d.Width, 99999)
	w.number(InvalidField, "height", "-", d.Height, 99999)
	w.number(InvalidField, "pieces", "/", d.Pieces, 9999)
}

// other writes the other charges, three to a line and in their order.
func (w *writer) other(list []OtherCharge) {
	inLine := 0
	for i, c := range list {
		if i == 0 || inLine == 3 || list[i-1].Payment != c.Payment {
			if i > 0 {
				w.end()
			}
			w.begin(tagged("OTH", i == 0))
			w.code(InvalidField, "prepaid or collect", c.Payment, 1)
			w.b = append(w.b, '/')
			inLine = 0
		}
		if len(c.Code) != 2 || c.Due != "A" && c.Due != "C" {
			w.refuse(InvalidField, "OTH", "write two letters of the charge, and A or C", "a charge is "+strconv.Quote(c.Code+c.Due))
		}
		w.decimal(InvalidAmount, "other charge", c.Code+c.Due, c.Amount, maxDecimal)
		inLine++
	}
	if len(list) > 0 {
		w.end()
	}
}

// summary writes what is paid at one end in its two lines.
func (w *writer) summary(id string, s *Summary) {
	if s == nil {
		return
	}
	lines := [][]string{{"WT", "VC", "TX"}, {"OA", "OC", "CT"}}
	first := true
	for _, ids := range lines {
		begun := false
		for _, part := range ids {
			d := *s.by(part)
			if d == "" {
				continue
			}
			if !begun {
				w.begin(tagged(id, first))
				begun, first = true, false
			}
			w.decimal(InvalidAmount, "charge", "/"+part, d, maxDecimal)
		}
		if begun {
			w.end()
		}
	}
}

func (w *writer) exchange(e *Exchange) {
	if e == nil {
		return
	}
	w.begin("CDC")
	w.code(InvalidField, "currency", e.Currency, 3)
	if e.Rate != "" {
		w.decimal(InvalidAmount, "rate of exchange", "", e.Rate, maxDecimal)
	}
	for _, amount := range e.Charges {
		w.decimal(InvalidAmount, "charge in the destination's currency", "/", amount, maxDecimal)
	}
	w.end()
}
