//go:build !noasm

package kernels

// borderedPlanes reports whether bordered supports several planes.
const borderedPlanes = true

func bordered(dst, x *byte, width, rows, out, in, planes, outPlane, inPlane int) {
	copyBordered(dst, x, width, rows, out, in, planes, outPlane, inPlane)
}
