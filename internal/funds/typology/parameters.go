package typology

import (
	_ "embed"
	"errors"
	"fmt"
	"math/big"
	"reflect"

	"github.com/goccy/go-yaml"

	"github.com/rihla/rihla/formats/money"
)

//go:embed defaults.yaml
var defaults []byte

// Parameters are what the typologies go by. A state sets its own; what it leaves out keeps its default.
type Parameters struct {
	JustBelow     JustBelow     `yaml:"F-01" json:"F-01"`
	Structuring   Structuring   `yaml:"F-02" json:"F-02"`
	Smurfing      Smurfing      `yaml:"F-03" json:"F-03"`
	Fan           Fan           `yaml:"F-04" json:"F-04"`
	PassThrough   PassThrough   `yaml:"F-05" json:"F-05"`
	Companions    Companions    `yaml:"F-07" json:"F-07"`
	Frequent      Frequent      `yaml:"F-09" json:"F-09"`
	Transit       Transit       `yaml:"F-13" json:"F-13"`
	GapChain      GapChain      `yaml:"F-15" json:"F-15"`
	NewAndBig     NewAndBig     `yaml:"F-20" json:"F-20"`
	Reported      Reported      `yaml:"F-22" json:"F-22"`
	DeclaredSplit DeclaredSplit `yaml:"declared-split" json:"declared-split"`
	Couriers      Couriers      `yaml:"couriers" json:"couriers"`
}

// The parameters of each typology. Percentages are of the line, the threshold where the movement happened.
type (
	JustBelow struct {
		Least int64 `yaml:"least_percent" json:"least_percent"`
		Times int64 `yaml:"times" json:"times"`
		Days  int64 `yaml:"days" json:"days"`
	}
	Structuring struct {
		Times int64 `yaml:"times" json:"times"`
		Sum   int64 `yaml:"sum_percent" json:"sum_percent"`
		Days  int64 `yaml:"days" json:"days"`
	}
	Smurfing struct {
		Depositors int64 `yaml:"depositors" json:"depositors"`
		Days       int64 `yaml:"days" json:"days"`
	}
	Fan struct {
		Senders   int64 `yaml:"senders" json:"senders"`
		Receivers int64 `yaml:"receivers" json:"receivers"`
		Out       int64 `yaml:"out_percent" json:"out_percent"`
		Hours     int64 `yaml:"hours" json:"hours"`
	}
	PassThrough struct {
		Turnover int64 `yaml:"turnover_times_balance" json:"turnover_times_balance"`
		Stay     int64 `yaml:"stay_hours" json:"stay_hours"`
		Days     int64 `yaml:"days" json:"days"`
		Least    int64 `yaml:"least_percent" json:"least_percent"` // of the line that came in, and of that which left
		Times    int64 `yaml:"times" json:"times"`                 // that money came in, and left, at least
	}
	Companions struct {
		Carriers int64 `yaml:"carriers" json:"carriers"`
	}
	Frequent struct {
		Times int64 `yaml:"times" json:"times"`
		Same  int64 `yaml:"same_origin_times" json:"same_origin_times"`
		Days  int64 `yaml:"days" json:"days"`
	}
	Transit struct {
		Hours   int64 `yaml:"hours" json:"hours"`
		Percent int64 `yaml:"percent" json:"percent"`
	}
	GapChain struct {
		Percent int64 `yaml:"percent" json:"percent"`
		Least   int64 `yaml:"transfers" json:"transfers"`
		Days    int64 `yaml:"days" json:"days"`
	}
	NewAndBig struct {
		Age   int64 `yaml:"age_days" json:"age_days"`
		USD   int64 `yaml:"usd" json:"usd"`
		Round int64 `yaml:"round_percent" json:"round_percent"`
		Least int64 `yaml:"transfers" json:"transfers"`
		Unit  int64 `yaml:"round_to" json:"round_to"`
	}
	Reported struct {
		Filers int64 `yaml:"filers" json:"filers"`
		Days   int64 `yaml:"days" json:"days"`
	}
	DeclaredSplit struct {
		Times int64 `yaml:"times" json:"times"`
		Sum   int64 `yaml:"sum_percent" json:"sum_percent"`
		Days  int64 `yaml:"days" json:"days"`
	}
	Couriers struct {
		Carriers int64 `yaml:"carriers" json:"carriers"`
		Flights  int64 `yaml:"flights" json:"flights"`
		Sum      int64 `yaml:"sum_percent" json:"sum_percent"`
		Days     int64 `yaml:"days" json:"days"`
	}
)

// Defaults are the parameters that come with the program.
func Defaults() Parameters {
	var p Parameters
	_ = p.set(defaults) // a test reads it
	return p
}

// UnmarshalYAML reads a state's own parameters over the defaults.
func (p *Parameters) UnmarshalYAML(text []byte) error {
	*p = Defaults()
	return p.set(text)
}

func (p *Parameters) set(text []byte) error {
	var given map[string]map[string]int64
	if err := yaml.Unmarshal(text, &given); err != nil {
		return err
	}
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		id := v.Type().Field(i).Tag.Get("yaml")
		for j := range v.Field(i).NumField() {
			name := v.Field(i).Type().Field(j).Tag.Get("yaml")
			if n, there := given[id][name]; there {
				v.Field(i).Field(j).SetInt(n)
				delete(given[id], name)
			}
		}
		if len(given[id]) == 0 {
			delete(given, id)
		}
	}
	for id, names := range given {
		for name := range names {
			return fmt.Errorf("there is no parameter %s.%s", id, name)
		}
	}
	return nil
}

// Check says which parameter makes no sense: each is a number above nought.
func (p *Parameters) Check() error {
	var wrong []error
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		id := v.Type().Field(i).Tag.Get("yaml")
		for j := range v.Field(i).NumField() {
			if n := v.Field(i).Field(j).Int(); n < 1 || n > 1_000_000_000 {
				wrong = append(wrong, fmt.Errorf("%s.%s is %d; it is a whole number from 1 on", id, v.Field(i).Type().Field(j).Tag.Get("yaml"), n))
			}
		}
	}
	return errors.Join(wrong...)
}

// percent is so many hundredths of an amount.
func percent(of money.Decimal, n int64) *big.Rat {
	return new(big.Rat).Mul(of.Rat(), big.NewRat(n, 100))
}
