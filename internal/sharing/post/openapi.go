package post

import _ "embed" // the description

// OpenAPI describes what either side of an exchange answers to the other (OpenAPI 3.1, YAML): what a partner without a
// Rihla builds by.
//
//go:embed openapi.yaml
var OpenAPI []byte
