package serve

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// fourZeros is "0,0,0,0,", little-endian: most pixels and most elements of one-hot vectors are 0.
const fourZeros = 0x2c302c302c302c30

// zeroOfPython is "0.0, ", as Python writes a zero, in the upper five bytes.
const zeroOfPython = 0x202c302e30000000

// numbers reads an array of n numbers after its "[", and returns how many it has read. Decoding spends most of its time here.
func (d *decoder[T]) numbers(n int) int {
	begin := len(d.data)
	d.data = slices.Grow(d.data, n)[:begin+n]
	out, src, at := d.data[begin:], d.src, skip(d.src, d.at)
	if at < len(src) && src[at] == ']' {
		d.at = at + 1
		return 0
	}
	for i := 0; i < n; i++ {
		for i+4 < n && at+8 <= len(src) && binary.LittleEndian.Uint64(src[at:]) == fourZeros {
			clear(out[i : i+4])
			i, at = i+4, at+8
		}
		for i+1 < n && at+8 <= len(src) && binary.LittleEndian.Uint64(src[at:])<<24 == zeroOfPython {
			out[i] = 0
			i, at = i+1, at+5
		}
		at = skip(src, at)
		v, approximate, length := number(src[at:])
		if d.at = at; length == 0 {
			d.fail("a number")
			return i
		}
		x := rounded[T](v, approximate, src[at:at+length])
		if out[i] = x; x-x != 0 { // infinite
			d.fail("a number within the range of the model's element type")
			return i
		}
		at = skip(src, at+length)
		switch {
		case at < len(src) && src[at] == ',':
			at++
			continue
		case at < len(src) && src[at] == ']':
			d.at = at + 1
			return i + 1
		}
		d.at = at
		d.fail("a comma or the array's end")
		return i
	}
	d.at = at
	d.fail(fmt.Sprintf("the end of an array of %d elements", n))
	return n
}

// skip returns the index of the first byte, from at, that is not white space in JSON.
func skip(src []byte, at int) int {
	if at < len(src) && src[at] <= ' ' {
		return skipAll(src, at)
	}
	return at
}

func skipAll(src []byte, at int) int {
	for at < len(src) && (src[at] == ' ' || src[at] == '\n' || src[at] == '\t' || src[at] == '\r') {
		at++
	}
	return at
}
