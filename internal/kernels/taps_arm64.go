//go:build !noasm

package kernels

// borderedPlanes reports whether bordered supports several planes.
const borderedPlanes = false

func bordered(dst, x *byte, width, rows, out, in, _, _, _ int) {
	copyBordered(dst, x, width, rows, out, in)
}
