package hall

import (
	"encoding/json"
	"time"
)

// event is one line of a file.
type event struct {
	Event     string     `json:"event"`
	Hall      string     `json:"hall,omitempty"`
	Lane      string     `json:"lane,omitempty"`
	Desk      string     `json:"desk,omitempty"`
	Flight    string     `json:"flight,omitempty"`
	Date      string     `json:"date,omitempty"`
	From      string     `json:"from,omitempty"`
	Document  *TravelDoc `json:"document,omitempty"`
	Passenger string     `json:"passenger,omitempty"`
	At        time.Time  `json:"at,omitzero"`
	Queued    time.Time  `json:"queued,omitzero"`
	Began     time.Time  `json:"began,omitzero"`
	Ended     time.Time  `json:"ended,omitzero"`
	Result    string     `json:"result,omitempty"`
	Quarter   time.Time  `json:"quarter,omitzero"`
	Desks     *int       `json:"desks,omitempty"`
}

func (f Flight) named() string {
	if f == (Flight{}) {
		return ""
	}
	return f.Carrier + f.Number + f.Suffix
}

// Append writes a document as JSON lines: the header, blocks, staffing, passages.
func Append(dst []byte, d *Document) []byte {
	dst = line(dst, struct {
		Schema    string    `json:"schema"`
		Airport   string    `json:"airport"`
		Sent      time.Time `json:"sent"`
		Reference string    `json:"reference,omitempty"`
	}{Schema, d.Airport, d.Sent, d.Reference})
	for _, b := range d.Blocks {
		kind := onBlock
		if b.Estimated {
			kind = estimated
		}
		dst = line(dst, event{Event: kind, Hall: b.Hall, Flight: b.Flight.named(), Date: b.Flight.Date, From: b.Flight.From, At: b.At})
	}
	for _, s := range d.Staffing {
		dst = line(dst, event{Event: staffing, Hall: s.Hall, Lane: s.Lane, Quarter: s.Quarter, Desks: &s.Desks})
	}
	for _, p := range d.Passages {
		kind := atDesk
		if p.Gate {
			kind = atGate
		}
		dst = line(dst, event{
			Event: kind, Hall: p.Hall, Lane: p.Lane, Desk: p.Desk, Flight: p.Flight.named(), Date: p.Flight.Date, From: p.Flight.From,
			Document: p.Document, Passenger: p.Passenger, Queued: p.Queued, Began: p.Began, Ended: p.Ended, Result: p.Result,
		})
	}
	return dst
}

// AppendJSON writes what decode prints of a document.
func (d *Document) AppendJSON(dst []byte) []byte {
	raw, err := json.Marshal(d)
	if err != nil { // times of these years and texts: nothing here can fail
		return dst
	}
	return append(dst, raw...)
}

func line(dst []byte, v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil { // as above
		return dst
	}
	return append(append(dst, raw...), '\n')
}
