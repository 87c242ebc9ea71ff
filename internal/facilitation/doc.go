// Package facilitation lets nearly everyone through faster: trusted travellers, authorisations to travel, redress for those
// wrongly stopped, and what a partner state asks of its applicants.
//
// What somebody applies with is a report (package form) that becomes an [Application]; it goes from state to state by
// machine.go, where every arrow says who may move it. People decide; a rule may only grant a permit of which nothing at all
// stands in the way. What is granted is a standing: [Domain.Vouch] tells the house, for subjects of any domain, which
// standings speak for them, and of whom a permit is asked. A standing hides nothing: lists are looked at all the same, and
// members and applicants are compared with each list that changes. Domain is the room's face towards the pipeline.
//
// It must never know another domain: who arrives it hears from the pipeline. It keeps no picture and no print, only how well
// they fitted. Programmes, fees, clocks and who needs a permit are the state's, by [Settings]. ICAO Annex 9, chapters 3 and 9,
// has the practices that it follows; machine-readable zones are those of Doc 9303.
package facilitation
