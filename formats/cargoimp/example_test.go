package cargoimp_test

import (
	"fmt"
	"time"

	"github.com/rihla/rihla/formats/cargoimp"
)

// A forwarder's house is read, and answered with a request for information.
func ExampleRead() {
	raw := []byte("FHL/4\nMBI/969-10000023AMMJFK/T25K410.5\nHBS/PF26H0002/AMMJFK/5/K90/20/SPARE PARTS\n" +
		"SHP/JABAL PRECISION INSTRUMENTS\n/44 AL QUDS STREET\n/AMMAN\n/JO/11118\nCNE/RIVERTON PUMP SERVICE INC\n/9 DOCK ROAD\n/NEWARK/NJ\n/US/07105\n")
	came := time.Date(2026, 3, 14, 8, 0, 0, 0, time.UTC)
	err := cargoimp.Read(raw, came, func(m *cargoimp.Message) error {
		for _, h := range m.FHL.Houses {
			fmt.Println(h.Number, h.Pieces, h.Weight.Value, h.Description(), "for", h.Consignee.Name())
			answer, err := cargoimp.Append(nil, cargoimp.Tell(m.FHL.Master, h.Number, cargoimp.Say(cargoimp.InfoHold, came.Add(9*time.Minute))))
			if err != nil {
				return err
			}
			fmt.Printf("%q\n", answer)
		}
		for _, w := range m.Warnings {
			fmt.Println(w.Place(), w.Rule)
		}
		return nil
	})
	fmt.Println(err)
	// Output:
	// PF26H0002 5 90 SPARE PARTS for RIVERTON PUMP SERVICE INC
	// "PSN\r\n969-10000023-PF26H0002\r\nCSN/7H/14MAR0809/REQUEST FOR INFORMATION HOLD\r\n"
	// line 3, goods description DESCRIPTION_VAGUE
	// <nil>
}
