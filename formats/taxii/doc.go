// Package taxii is the wire of TAXII 2.1 (OASIS Standard, 10 June 2021), by which threat information is fetched and
// given: the resources, the media types and how they are negotiated, the filters of a query, the cursor of a page.
//
// A server calls [ParseFilter] with a request's query, [Accepts] and [IsMedia] with its headers, and answers with the
// resources. A client builds its address with [ObjectsAt] and [Filter.Query] and reads the same resources.
//
// The package knows no collection, no STIX object from the inside, no clock and no network.
package taxii
