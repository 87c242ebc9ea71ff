package funds

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/funds/typology"
)

//go:embed defaults.yaml
var defaults []byte

// Settings are what a state goes by: its thresholds, rates and clocks.
type Settings struct {
	Thresholds []Threshold         `yaml:"thresholds"`
	Line       Sum                 `yaml:"line"`         // looked below where a state names no figure
	Deposit    Sum                 `yaml:"deposit_line"` // the same at a bank's counter; none is the other
	Rates      []Rate              `yaml:"rates"`
	Contact    string              `yaml:"contact"` // for filers
	Unit       Unit                `yaml:"unit"`
	Filers     map[string]int64    `yaml:"filers"` // the number the unit gave each goAML filer, by the name of its key
	Freeze     FreezeClock         `yaml:"freeze"`
	Unlinked   int                 `yaml:"unlinked_hours"`
	OneSided   int                 `yaml:"one_sided_days"`
	Tolerance  int64               `yaml:"tolerance_percent"`
	KeepYears  int                 `yaml:"keep_years"`
	Listed     []string            `yaml:"listed_countries"`
	Typologies typology.Parameters `yaml:"typologies"`

	table *money.Table
}

// Threshold is when cash over a state's border must be declared or, in a disclosure system, may be asked about. An amount
// may be missing: then everybody may be asked and nobody must say unasked.
type Threshold struct {
	Countries []string `yaml:"countries" json:"countries"`
	Direction string   `yaml:"direction" json:"direction"` // in, out, both
	System    string   `yaml:"system" json:"system"`
	Op        string   `yaml:"op" json:"op,omitempty"` // > or >=
	Amount    Number   `yaml:"amount" json:"amount,omitzero"`
	Currency  string   `yaml:"currency" json:"currency,omitempty"`
	Kinds     []string `yaml:"kinds" json:"kinds,omitempty"` // of cash; none is all
	From      Day      `yaml:"from" json:"from"`
}

// Number is an exact amount, Day a date: as YAML writes them.
type (
	Number struct{ money.Decimal }
	Day    struct{ date.Date }
)

// UnmarshalYAML reads a number as it is written, never by way of floating point.
func (n *Number) UnmarshalYAML(b []byte) error {
	d, err := money.Parse(unquote(b))
	n.Decimal = d
	return err
}

// UnmarshalYAML reads YYYY-MM-DD.
func (d *Day) UnmarshalYAML(b []byte) error {
	if err := d.UnmarshalText([]byte(unquote(b))); err != nil {
		return fmt.Errorf("%q: %w", b, err)
	}
	return nil
}

func unquote(b []byte) string {
	b = bytes.TrimSpace(b)
	if n := len(b); n >= 2 && (b[0] == '"' || b[0] == '\'') && b[n-1] == b[0] {
		b = b[1 : n-1]
	}
	return string(b)
}

// Sum is an amount in a currency.
type Sum struct {
	Amount   Number `yaml:"amount"`
	Currency string `yaml:"currency"`
}

// Rate is a dated rate of exchange and whoever fixed it.
type Rate struct {
	From   string `yaml:"from"`
	To     string `yaml:"to"`
	Day    Day    `yaml:"day"`
	Value  Number `yaml:"value"`
	Source string `yaml:"source"`
}

// Unit is the financial intelligence unit as it signs.
type Unit struct {
	EntityID int64  `yaml:"entity_id"`
	Branch   string `yaml:"branch"`
}

// FreezeClock is how long somebody may take to say who it is.
type FreezeClock struct {
	Within int      `yaml:"within_hours"`
	Remind []int    `yaml:"remind_hours"`
	Lists  []string `yaml:"lists"` // whose entries are designations; none is all
}

// ReadSettings reads an operator's file over the defaults; no bytes are the defaults.
func ReadSettings(text []byte) (*Settings, error) {
	s := &Settings{}
	for _, layer := range [][]byte{defaults, text} {
		if err := s.over(layer); err != nil {
			return nil, fmt.Errorf("funds.yaml: %w", err)
		}
	}
	if s.Typologies == (typology.Parameters{}) {
		s.Typologies = typology.Defaults()
	}
	return s, s.check()
}

// over takes from a file what it gives; each of its entries replaces the one before whole.
func (s *Settings) over(text []byte) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	var file Settings
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		return err
	}
	var given map[string]any
	if err := yaml.Unmarshal(text, &given); err != nil {
		return err
	}
	to, from := reflect.ValueOf(s).Elem(), reflect.ValueOf(&file).Elem()
	for i := range to.NumField() {
		if _, there := given[to.Type().Field(i).Tag.Get("yaml")]; there {
			to.Field(i).Set(from.Field(i))
		}
	}
	return nil
}

// CheckSettings says what is wrong with an operator's file.
func CheckSettings(text []byte) error {
	_, err := ReadSettings(text)
	return err
}

func (s *Settings) check() error {
	var wrong []error
	complain := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf("funds.yaml: "+format, args...)) }
	for i := range s.Thresholds {
		t := &s.Thresholds[i]
		for j, c := range t.Countries {
			three, _, known := country.Normalise(c)
			if t.Countries[j] = three; !known {
				complain("thresholds[%d]: %q is no country; write its three letters", i, c)
			}
		}
		if !slices.Contains([]string{"in", "out", "both"}, t.Direction) {
			complain("thresholds[%d].direction is %q; write in, out or both", i, t.Direction)
		}
		if t.System != "declaration" && t.System != "disclosure" {
			complain("thresholds[%d].system is %q; write declaration or disclosure", i, t.System)
		}
		if t.Amount.IsZero() {
			continue
		}
		if t.Op != ">" && t.Op != ">=" {
			complain("thresholds[%d].op is %q; write > where the very amount is free, >= where it is not", i, t.Op)
		}
		if !money.Fits(t.Amount.Decimal, t.Currency) {
			complain("thresholds[%d]: %s %s is no amount of that currency", i, t.Amount, t.Currency)
		}
	}
	rates := make([]money.Rate, len(s.Rates))
	for i, r := range s.Rates {
		for _, c := range []string{r.From, r.To} {
			if _, known := money.Digits(c); !known {
				complain("rates[%d]: %q is no currency", i, c)
			}
		}
		if r.Value.Sign() <= 0 || r.Source == "" || r.Day.IsZero() {
			complain("rates[%d]: a rate has a value above nought, a day and a source", i)
		}
		rates[i] = money.Rate{From: r.From, To: r.To, Day: r.Day.Date, Value: r.Value.Decimal, Source: r.Source}
	}
	s.table = money.NewTable(rates...)
	if s.Freeze.Within <= 0 || s.Unlinked <= 0 || s.KeepYears <= 0 || s.OneSided <= 0 {
		complain("freeze.within_hours, unlinked_hours, one_sided_days and keep_years are at least 1")
	}
	if err := s.Typologies.Check(); err != nil {
		complain("typologies: %w", err)
	}
	return errors.Join(wrong...)
}

// Rate is the latest rate known on a day: Settings are a table of rates.
func (s *Settings) Rate(from, to string, on date.Date) (money.Rate, bool) {
	return s.table.Rate(from, to, on)
}

// inUSD converts at the rate of a day; false where no rate is known.
func (s *Settings) inUSD(amount money.Decimal, currency string, on date.Date) (usd money.Decimal, by money.Rate, ok bool) {
	if amount.IsZero() {
		return usd, by, false
	}
	if by, ok = s.Rate(currency, "USD", on); !ok {
		return usd, by, false
	}
	if currency == "USD" {
		return amount, by, true
	}
	usd, ok = by.Convert(amount)
	return usd, by, ok
}

// threshold is what holds at a country's border on a day: the latest that came into force.
func (s *Settings) threshold(at, direction string, on date.Date) *Threshold {
	var best *Threshold
	for i := range s.Thresholds {
		t := &s.Thresholds[i]
		if slices.Contains(t.Countries, at) && (t.Direction == "both" || t.Direction == direction) && t.From.Compare(on) <= 0 &&
			(best == nil || t.From.Compare(best.From.Date) > 0) {
			best = t
		}
	}
	return best
}

// line is the figure, in US dollars, below which splitting would be worth somebody's while.
func (s *Settings) line(t *Threshold, on date.Date) money.Decimal {
	sum, currency := s.Line.Amount.Decimal, s.Line.Currency
	if t != nil && !t.Amount.IsZero() {
		sum, currency = t.Amount.Decimal, t.Currency
	}
	usd, _, _ := s.inUSD(sum, currency, on)
	return usd
}

// counter is the figure, in US dollars, from which a bank asks about cash.
func (s *Settings) counter(on date.Date) money.Decimal {
	if s.Deposit.Amount.IsZero() {
		return s.line(nil, on)
	}
	usd, _, _ := s.inUSD(s.Deposit.Amount.Decimal, s.Deposit.Currency, on)
	return usd
}

// reached says whether an amount in the threshold's currency must be declared: one exactly at the line follows the state's
// own operator.
func (t *Threshold) reached(amount money.Decimal) bool {
	if t == nil || t.Amount.IsZero() {
		return false
	}
	c := amount.Cmp(t.Amount.Decimal)
	return c > 0 || c == 0 && t.Op == ">="
}

func (s *Settings) within() time.Duration { return time.Duration(s.Freeze.Within) * time.Hour }
