package onnx

import (
	"maps"
	"slices"
)

// Operators returns the names of the supported operators.
func Operators() []string { return slices.Sorted(maps.Keys(operators)) }

// TensorOf and Doubles let tests compare values.
var TensorOf = tensorOf

// Doubles returns a tensor's elements as float64.
func Doubles(t Tensor) []float64 {
	v, err := t.value()
	if err != nil {
		panic(err)
	}
	return v.Doubles()
}
