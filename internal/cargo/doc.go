// Package cargo knows consignments: what forwarders and carriers say is about to be loaded, under which waybill, for whom;
// and how far its assessment before loading has come.
//
// Every message is kept as filings, one a consignment it speaks of: the record of who said what and when. The picture of a
// consignment is a pure function of the set of its filings, by the sender's clock, so late, repeated and shuffled reports
// end in the same picture. A master and its houses are one shipment, which is also what is planned and written together.
// What the desk does with a consignment, its state, is beside the picture: no filing lifts a hold, and no machine sets one.
// [Domain] is the room's face towards the pipeline.
//
// It must never know another domain: a consignment meets a traveller or a payment through what both tie to. It never
// decides: it offers outcomes, a human chooses; all that it gives by itself is "assessment complete" where nothing was
// found.
//
// It follows the pre-load regimes that share the WCO's 7+1 data (US ACAS, Canada's PACT): statuses SR, SF and the referrals
// 7 (information), 8 (screening), 6 (do not load), each set, in place and removed.
package cargo
