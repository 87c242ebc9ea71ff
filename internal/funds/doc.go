// Package funds knows money that moves: cash declared at a border, suspicious transactions and activities that banks
// report, payments between accounts, and what a partner state told of any of them.
//
// Every report becomes entries, each the latest statement of one thing (a declaration by its id, a report by its filer's
// reference, a payment by its UETR). Who is spoken of are parties: persons, organisations, accounts, recognised again by
// document, account or name and birth; a party is the set of what its entries say of it, so late, repeated and shuffled
// reports end in the same parties. Screening compares all that are held with the lists; [typology] looks for how money
// moved. Domain is the room's face towards the pipeline.
//
// It must never know another domain: a traveller's flight is found through what screening and links know. It never freezes
// anything and never tells a filer what is thought of a report. Thresholds and rates are the state's, by [Settings]
// (FATF recommendations 6, 16, 29, 32 and 40; Regulation (EU) 2018/1672).
package funds
