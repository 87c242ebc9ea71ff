// Package cms reads what the states' public key infrastructure is made of: certificates and revocation lists (RFC 5280,
// as ICAO Doc 9303-12 profiles them) and signed messages (CMS, RFC 5652), and checks signatures made with them.
//
// Call [ParseCertificate], [ParseRevocations] and [ParseSignedData]; [PublicKey.Verify] checks one signature. A check has
// three ends, not two: [Good], [Bad], and [Unsupported], when the signature may be right and this package cannot tell.
// Who may sign for whom, at what time, and who is trusted at all, is for the caller to decide.
//
// crypto/x509 and crypto/ecdsa would do most of it, but a passport authority's certificate is easily one that they
// refuse: explicit curve parameters, Brainpool curves (RFC 5639), RSA-PSS keys, negative serial numbers, names in the
// wrong case. So certificates are read leniently here, and the curves that the standard library lacks are computed with
// math/big, which is not constant in time: nothing here knows a secret.
package cms
