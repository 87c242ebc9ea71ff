package misp_test

import (
	"fmt"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/misp"
	"github.com/rihla/rihla/formats/stix"
)

// An event becomes objects of STIX.
func ExampleEvent_STIX() {
	err := misp.Read([]byte(event(`,"published":true,"Attribute":[`+good+`]`)), func(e *misp.Event, f *fault.Fault) error {
		if f != nil {
			return f
		}
		objects, _ := e.STIX()
		for _, raw := range objects {
			head, _ := stix.Identify(raw)
			fmt.Println(head.Type)
		}
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// identity
	// domain-name
	// observed-data
	// indicator
	// relationship
	// report
}
