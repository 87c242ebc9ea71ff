// Package goaml reads, checks and writes goAML reports, the XML by which banks and others tell a financial intelligence
// unit of suspicious transactions (STR) and activities (SAR). goAML is UNODC's; every unit publishes its own variant of
// one schema, so what differs between them (code lists, which elements are mandatory) is a [Profile] and not in the code.
// What is in the code follows the schema 5.0.2 in the flavour of the United Arab Emirates.
//
// Call [Read] for the reports of a file, [Append] to write one. Reading answers in two stages, as the units do: first the
// schema, whose faults are called E-GOAML-…, and when it holds the business rules, called B-GOAML-…. A report whose
// structure is wrong is still read as far as its elements are known; only what is no XML, no report, or too large is
// refused whole. A fault that a unit would refuse the report for is Strict, the others are remarks.
//
// Dates are wall clock of the unit's country and are never shifted; amounts are exact decimals. What a unit knows beyond
// one report (who may file, which references were used before) is asked by those who hold it, not here.
package goaml
