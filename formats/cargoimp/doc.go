// Package cargoimp reads and writes Cargo-IMP, the telex messages in which carriers and forwarders file air cargo: the
// air waybill (FWB, versions 9 to 17), the house list of a consolidation (FHL, 2 to 5), the answers to them (FMA, FNA), and
// what the authority sends back before loading (PSN, PER). A waybill or a house is withdrawn by an FXX.
//
// Call [Read] on what came: it calls back for every message, readable or not. [Append] writes a message; [Accept],
// [Reject], [Report] and [Tell] make the answers. Manifests (FFM), status updates (FSU) and the other telexes are recognised,
// and refused with a fault that says so.
//
// Reading is liberal, writing strict, as the trade's traffic wants: lines in any order, names in both layouts, a Type B
// envelope around it all. What is understood in spite of an error is kept, with a fault at its line, field and column;
// what is not understood is kept as it came and written back. A house that cannot be read alone is lost, the others are
// not. Numbers are decimals as they were filed, never floats.
//
// The package judges the form of a filing, not the risk of a consignment. It knows no clock, no store and no flight.
//
// Standard: IATA Cargo-IMP manual, edition 32, as described in public documents and seen in real messages; error codes of
// the answers as in Transport Canada's pre-load targeting (PACT) and the e-AWB procedures.
package cargoimp
