// Package sharing lets two states exchange what they agreed to exchange, and nothing else.
//
// [Open] makes a [Room]; [Room.Run] lives it; [Room.Routes] is its face. What the two agreed is a document
// (package agreement) that both signed. Nothing leaves and nothing is taken in except through its Decide, which each side
// asks for itself: the sender before a message leaves, the receiver before it counts. Messages go by package post, which
// knows nothing of their meaning; what happened is written to the exchange log (package ledger) in the same transaction.
//
// A matter between the two is a [Thread]. A person of this side asks, another approves, the partner's person looks at who
// of theirs is meant, and a person there releases what the agreement lets out, field by field, or refuses with a reason.
// What came is a record with its purpose and the day it must be gone; the day erases it.
//
// The room holds whom a message is about only sealed, each under a key of its own, and its rows name nobody. It knows no
// domain: what may be spoken of, domains offer as an [Item].
package sharing
