// Package post is the post office between two states: it carries signed and sealed messages, each once and in order,
// however often the line drops them, doubles them or is down for days.
//
// [Open] makes an [Office]. [Office.Send] puts a message into the caller's own transaction; [Office.Handle] says what is
// done with one that came, in the transaction that marks it done; [Office.Run] does the rest.
//
// Who is who. A [Card] says of a party its address, its pinned roots (two, so that one may be changed) and its
// authorities with their public keys; both sides exchange cards by hand ([Office.OwnCard], [Office.Trust]) before anything
// else. A machine is known by its TLS certificate, an authority by its signature, and the two must belong together.
//
// Out. A draft waits unsealed until it can leave, urgent ones first, none before an earlier one of its thread. One loop
// for each sender and receiver gives it the next number and the digest of the message before it, signs it, and commits;
// only then does it leave. It is done when the receiver's signed answer names it with its digest, undelivered when it
// expires or is refused. Sent again it has the same signed bytes.
//
// In. A message is decrypted, verified, judged (for me? in time? seen before? may it come at all?) and durable before it
// is answered. One that leaves a gap waits up to a minute while the missing is asked for.
//
// Bodies are sealed at rest, each under a key of its own in the table post_secret; [Office.Erase] destroys that key.
// Every message out and in, and every refusal, is a step in the exchange log.
//
// The room does not know what any message means, but for its own three: HELLO, KEYS and WITNESS.
package post
