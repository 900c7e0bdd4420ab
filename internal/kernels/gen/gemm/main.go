// Command gemm writes the assembly of the matrix product: for each instruction set and element type, the functions that
// gemm_strip_amd64.go declares. They differ only in the vector width and the element size. With -taps it writes the
// functions of the convolution, which conv_strip_amd64.go declares.
package main

import (
	"flag"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// A form is an instruction set with an element type.
type form struct {
	name string            // prefix of the functions' names
	size int               // bytes of an element
	vec  int               // bytes of a vector
	reg  []reg.VecPhysical // all vector registers
	rows []int             // heights of the tiles, greatest first; the last is 1
}

// lanes returns the number of elements in a vector.
func (f form) lanes() int { return f.vec / f.size }

func main() {
	taps := flag.Bool("taps", false, "write the functions of the convolution")
	flag.Parse()
	ConstraintExpr("!noasm")
	masks()
	ymm := []reg.VecPhysical{
		reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7,
		reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15,
	}
	zmm := []reg.VecPhysical{
		reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7,
		reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
		reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23,
		reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31,
	}
	for _, f := range []form{
		{"f32AVX2", 4, 32, ymm, []int{6, 4, 2, 1}},
		{"f64AVX2", 8, 32, ymm, []int{6, 4, 2, 1}},
		{"f32AVX512", 4, 64, zmm, []int{12, 8, 4, 2, 1}},
		{"f64AVX512", 8, 64, zmm, []int{12, 8, 4, 2, 1}},
	} {
		if *taps {
			f.tapStrip()
			f.tapRowStrip()
			continue
		}
		f.strip()
		f.dot()
		f.peak()
		if f.vec == 32 {
			f.transpose(f.lanes())
		}
	}
	if !*taps {
		form{size: 4, vec: 32, reg: ymm}.transpose(4)
		for _, bytes := range []int{24, 48, 64, 96, 128} {
			copyRows(bytes)
		}
		copyAnyRows()
	}
	Generate()
}
