package onnx

import (
	"maps"
	"slices"
)

// Operators returns the names of the supported operators.
func Operators() []string { return slices.Sorted(maps.Keys(operators)) }
