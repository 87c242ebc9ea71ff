// Package trust says of a travel document whether the state it names made it: of a chip by passive authentication (ICAO
// Doc 9303-11, 5.1), of a seal by its signature (Doc 9303-13), of a machine-readable zone by its check digits. What it
// trusts is the operator's list: the country signing certificates, revocation lists and signers that an administrator
// loaded, and nothing else.
//
// [Verify] is the one thing to call, with [Store.List], the list in force. It answers several questions and keeps them
// apart: do the hashes fit, is the signature right, does its signer descend from a state's authority, was it revoked, has
// it expired. What cannot be answered is not answered no: an authority that is not on the list, a curve that is not
// known and a revocation list that is missing mean that nothing can be said.
//
// A list is immutable and swapped whole. It is kept in the node's store, numbered, and each loading is in the audit log;
// one that is broken, or takes away what was there, is refused and changes nothing. The room knows nothing of travellers
// and keeps nothing of what it is shown.
package trust
