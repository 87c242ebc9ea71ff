package ioclist_test

import (
	"fmt"

	"github.com/rihla/rihla/formats/ioclist"
)

func ExampleRead() {
	l, fault := ioclist.Read([]byte("Please block hxxps://cdn[.]bad[.]example/dl and 198.51.100[.]23 today. TLP:GREEN"))
	if fault != nil {
		fmt.Println(fault)
		return
	}
	for _, e := range l.Entries {
		fmt.Println(e.TLP, e.Kind, e.Value, e.Pattern())
	}
	// Output:
	// TLP:GREEN url https://cdn.bad.example/dl [url:value = 'https://cdn.bad.example/dl']
	// TLP:GREEN ipv4 198.51.100.23 [ipv4-addr:value = '198.51.100.23']
}
