// Package iso20022 reads payments as banks send them in ISO 20022: pacs.008 (a customer's credit transfer between banks)
// whole as far as screening and rules need it, and of pain.001 (the customer's order) and camt.053 (the account's
// statement) what joins them to it. Elements are found by their local names, so the yearly versions (pacs.008.001.08 to
// .13 and their neighbours) read alike.
//
// Call [Stream] for the transfers of a file one by one, in memory that does not grow with it, or [Read] for whole
// messages; [Gaps] for what a transfer lacks by the rule that payer and payee travel with it; [Append] to write a
// pacs.008. A transfer that cannot be understood is lost, and told of with its place, while the others of its message are
// read. Amounts are exact decimals; nothing is converted, and nobody is judged.
package iso20022
