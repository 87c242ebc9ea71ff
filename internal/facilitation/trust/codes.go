package trust

import (
	"slices"

	"github.com/rihla/rihla/formats/cms"
)

// Severity is what a remark means for the verdict.
type Severity string

// The severities, gravest first.
const (
	Bad     Severity = "bad"     // the document is not what it says
	Cannot  Severity = "cannot"  // a question could not be answered
	Expired Severity = "expired" // it was right, and its time is over
	Again   Severity = "again"   // it was not read as it is: read it again
	Weak    Severity = "weak"    // right, and worth less than it should be
	Info    Severity = "info"
)

// Check is which question a remark belongs to.
type Check string

// The questions.
const (
	CheckRead       Check = "read"
	CheckHash       Check = "hash"
	CheckSignature  Check = "signature"
	CheckChain      Check = "chain"
	CheckRevocation Check = "revocation"
	CheckValidity   Check = "validity"
	CheckAgreement  Check = "agreement" // of the document's parts with one another
)

// Codes say what was found. They are stable; the pages word them.
const (
	CodeUnreadable = "unreadable" // values: rule, offset

	CodeGroupDiffers     = "group_differs" // values: group
	CodeGroupNotSigned   = "group_not_signed"
	CodeGroupNotRead     = "group_not_read"
	CodeHashUnsupported  = "hash_unsupported"
	CodeNoSigner         = "no_signer"
	CodeSignerMissing    = "signer_missing"    // its certificate is neither with the document nor on the list
	CodeSignerUnknown    = "signer_unknown"    // of a seal: no certificate of that name and number
	CodeWeakAlgorithm    = "weak_algorithm"    // values: algorithm
	CodeAuthorityUnknown = "authority_unknown" // values: country
	CodeIssuerWrong      = "issuer_signature_wrong"
	CodeIssuerCannot     = "issuer_unsupported"
	CodeAuthorityTime    = "authority_not_valid" // when the signer's certificate was made
	CodeSignerUsage      = "signer_usage"        // a certificate that may not sign documents
	CodeSignerCritical   = "signer_critical"     // it has a critical extension that is not known
	CodeSignedOutside    = "signed_outside_validity"
	CodeStateDiffers     = "state_differs" // the signer's state is not the document's
	CodeTypeDiffers      = "type_differs"  // the signer is for other sorts of documents
	CodeRevoked          = "revoked"
	CodeListMissing      = "crl_missing"
	CodeListStale        = "crl_stale"
	CodeSignerExpired    = "signer_expired"
	CodeDocumentExpired  = "document_expired"
	CodeZoneDiffers      = "mrz_differs"  // between chip, seal and what was typed or read
	CodeCheckDigits      = "check_digits" // values: fields
	CodeCorrected        = "corrected"    // characters were put right
	CodeWaived           = "waived"       // values: code, reason, until
)

// severities of the codes; those of signatures are told by how their check ended.
var severities = map[string]Severity{
	CodeUnreadable: Cannot, CodeGroupDiffers: Bad, CodeGroupNotSigned: Bad, CodeGroupNotRead: Info, CodeHashUnsupported: Cannot, CodeNoSigner: Bad,
	CodeSignerMissing: Cannot, CodeSignerUnknown: Cannot, CodeWeakAlgorithm: Weak, CodeAuthorityUnknown: Cannot, CodeIssuerWrong: Bad, CodeIssuerCannot: Cannot,
	CodeAuthorityTime: Bad, CodeSignerUsage: Bad, CodeSignerCritical: Cannot, CodeSignedOutside: Bad, CodeStateDiffers: Bad, CodeTypeDiffers: Weak,
	CodeRevoked: Bad, CodeListMissing: Cannot, CodeListStale: Weak, CodeSignerExpired: Expired, CodeDocumentExpired: Expired, CodeZoneDiffers: Bad,
	CodeCheckDigits: Again, CodeCorrected: Again, CodeWaived: Info,
}

// Codes are all codes of remarks, for whoever words them.
func Codes() []string {
	all := append(sortedKeys(severities), cms.CodeSignature, cms.CodeMalformed, cms.CodeDigest, cms.CodeAlgorithm, cms.CodeParameters, cms.CodeCurve, cms.CodeKey)
	slices.Sort(all)
	return all
}

// waivable are the defects of issuers that an operator may pass over, with a reason and an end. What speaks of forgery is
// not among them.
var waivable = map[string]bool{
	CodeListMissing: true, CodeAuthorityTime: true, CodeSignerUsage: true, CodeSignedOutside: true, CodeSignerCritical: true, CodeStateDiffers: true,
}

// Remark is something found that somebody should know of.
type Remark struct {
	About    string            `json:"about" enum:"chip,seal,mrz,document"`
	Check    Check             `json:"check" enum:"read,hash,signature,chain,revocation,validity,agreement"`
	Code     string            `json:"code"`
	Severity Severity          `json:"severity" enum:"bad,cannot,expired,again,weak,info"`
	Values   map[string]string `json:"values,omitempty"`
}
