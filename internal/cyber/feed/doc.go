// Package feed reads collections of other TAXII 2.1 servers on a schedule: what response teams, vendors and partners
// publish becomes objects in a collection of this node, and indicators by the code that hears whatever comes by TAXII.
//
// [Open] is the one thing to call, [Feeds.Add] what an operator does. A feed's job reads page after page; a page, what came of
// it and the place where the next one begins are committed together, so a poll that is cut off anywhere goes on there: nothing
// is lost, and what the other side sends twice changes nothing. [Feeds.Pull] is the same for somebody who waits for it. Of two
// that read one feed at once, each page counts for one of them only.
//
// What a server does wrong ends the poll and never the feed: the fault is kept for people, and the next try is later each
// time, or when the server asks for it. A feed whose server lets us not in is asked again no sooner than it would be anyway.
//
// Credentials lie sealed, each under a key of its own that goes with the feed. The room knows nothing of what objects say.
package feed
