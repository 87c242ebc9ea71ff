// Package poll is the other side of TAXII 2.1: it asks another server for what is new in a collection, and gives it what
// is ours.
//
// [Client.Poll] is the one thing to call, with the [Place] where the poll before ended. It hands over page after page; a
// page and its place are to be stored in one transaction, and only then is the next one asked for. So a poll that breaks
// off anywhere goes on where it was, and asks for nothing it has, or for a second's worth where the server's dates are
// too coarse to tell. [Client.Push] gives objects in batches and waits until each is dealt with.
//
// The package knows no store, and nothing of what the objects say.
package poll
