package eval

import "github.com/nndiy/nndiy/internal/kernels"

// A Float16 is the bits of a number in IEEE 754 half precision.
type Float16 uint16

// A BFloat16 is the upper half of the bits of a float32.
type BFloat16 uint16

// Float returns the number.
func (h Float16) Float() float32 { return kernels.FromHalf(uint16(h)) }

// Float returns the number.
func (h BFloat16) Float() float32 { return kernels.FromBFloat(uint16(h)) }

// ToFloat16 rounds to the nearest number, ties to even. Numbers beyond the range become infinite.
func ToFloat16(v float32) Float16 { return Float16(kernels.ToHalf(v)) }

// ToBFloat16 rounds to the nearest number, ties to even.
func ToBFloat16(v float32) BFloat16 { return BFloat16(kernels.ToBFloat(v)) }
