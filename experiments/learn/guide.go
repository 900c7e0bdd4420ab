// Package learn has the text that leads through the ten lessons, which are the programs in its folders.
package learn

import _ "embed"

// Guide is README.md, in Markdown.
//
//go:embed README.md
var Guide string
