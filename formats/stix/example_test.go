package stix_test

import (
	"fmt"

	"github.com/rihla/rihla/formats/stix"
)

// One bad object leaves the others alone.
func ExampleRead() {
	d, fault := stix.Read([]byte(`{"type":"bundle","id":"bundle--5b9f91b4-ae93-4dda-a939-3faeeff43008","objects":[
	  {"type":"malware","spec_version":"2.1","id":"malware--fccc416e-fbc8-4aba-a07b-9445501bd547","created":"2026-03-15T08:00:00.000Z","modified":"2026-03-15T08:00:00.000Z","name":"SandLark","is_family":true},
	  {"type":"tool","spec_version":"2.1","id":"tool--4b43ef7f-254f-4a65-bcf8-a72a437b222d","created":"2026-03-15T08:00:00.000Z","modified":"2026-03-15T08:00:00.000Z"}]}`))
	if fault != nil {
		fmt.Println(fault)
		return
	}
	for i := range d.Objects {
		if o := &d.Objects[i]; o.Accepted() {
			fmt.Println("taken:", o.ID)
		} else {
			fmt.Println("refused:", o.Faults[0].Error())
		}
	}
	// Output:
	// taken: malware--fccc416e-fbc8-4aba-a07b-9445501bd547
	// refused: /objects/1/name: name is missing: every tool has one
}

// What a partner may see who is cleared for TLP:AMBER.
func ExampleMarkings_Redact() {
	o, fault := stix.ReadObject([]byte(`{"type":"tool","spec_version":"2.1","id":"tool--4b43ef7f-254f-4a65-bcf8-a72a437b222d","created":"2026-03-15T08:00:00.000Z","modified":"2026-03-15T08:00:00.000Z",
	  "name":"ExampleSync","description":"Found at two banks.","object_marking_refs":["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"],
	  "granular_markings":[{"marking_ref":"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1","selectors":["description"]}]}`))
	if fault != nil {
		fmt.Println(fault)
		return
	}
	left, gone, _ := stix.NewMarkings().Redact(o, stix.Ceiling{Level: stix.Amber})
	fmt.Println(left.Get("name").Text(), left.Get("description") == nil, gone[0].Selector, gone[0].TLP)
	// Output: ExampleSync true description TLP:RED
}
