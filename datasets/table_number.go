package datasets

import (
	"math"
	"strconv"
)

// blockRows is the number of rows of a block of a column.
const blockRows = 1 << 14

// numbers is a column of numbers, NaN where one is missing. A full block of integers takes one, two or four bytes for each.
type numbers struct {
	blocks []numberBlock
	last   []float64 // of the block that is not full
}

// A numberBlock holds numbers in the smallest type that stores all of them; the others are nil. The least integer of a type
// stands for NaN.
type numberBlock struct {
	i8  []int8
	i16 []int16
	i32 []int32
	f64 []float64
}

// append appends a number, and returns the memory that it takes more than before.
func (n *numbers) append(v float64) (bytes int) {
	before := cap(n.last)
	n.last = append(n.last, v)
	if bytes = 8 * (cap(n.last) - before); len(n.last) < blockRows {
		return bytes
	}
	b := numberBlock{}
	size := 8
	switch low, high, whole := integers(n.last); {
	case whole && low > math.MinInt8 && high <= math.MaxInt8:
		b.i8, size = narrow[int8](n.last, math.MinInt8), 1
	case whole && low > math.MinInt16 && high <= math.MaxInt16:
		b.i16, size = narrow[int16](n.last, math.MinInt16), 2
	case whole && low > math.MinInt32 && high <= math.MaxInt32:
		b.i32, size = narrow[int32](n.last, math.MinInt32), 4
	default:
		b.f64, n.last = n.last, nil
		n.blocks = append(n.blocks, b)
		return bytes
	}
	n.blocks, n.last = append(n.blocks, b), n.last[:0]
	return bytes + size*blockRows
}

// integers returns the range of numbers, and whether all that are not NaN are integers that int32 represents; -0 is not.
func integers(list []float64) (low, high float64, whole bool) {
	for _, v := range list {
		if v != v {
			continue
		}
		if i := int32(max(min(v, math.MaxInt32), math.MinInt32)); float64(i) != v || i == 0 && math.Signbit(v) {
			return 0, 0, false
		}
		low, high = min(low, v), max(high, v)
	}
	return low, high, true
}

func narrow[T int8 | int16 | int32](list []float64, missing T) []T {
	to := make([]T, len(list))
	for i, v := range list {
		if to[i] = missing; v == v {
			to[i] = T(v)
		}
	}
	return to
}

// at returns number i.
func (n *numbers) at(i int) float64 {
	k, i := i/blockRows, i%blockRows
	if k == len(n.blocks) {
		return n.last[i]
	}
	switch b := n.blocks[k]; {
	case b.i8 != nil:
		return widen(b.i8[i], math.MinInt8)
	case b.i16 != nil:
		return widen(b.i16[i], math.MinInt16)
	case b.i32 != nil:
		return widen(b.i32[i], math.MinInt32)
	default:
		return b.f64[i]
	}
}

func widen[T int8 | int16 | int32](v, missing T) float64 {
	if v == missing {
		return math.NaN()
	}
	return float64(v)
}

// powers are the powers of ten that a float64 represents exactly.
var powers = [23]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// parseNumber returns the decimal number in text, whose point is the given character, to the nearest float64. It is not ok if the
// text is something else or a number beyond the largest float64.
func parseNumber(text []byte, point byte) (v float64, ok bool) {
	text = trim(text)
	i, negative := 0, false
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		i, negative = 1, text[0] == '-'
	}
	mantissa, digits, scale, seen := uint64(0), 0, 0, -1
	for ; i < len(text); i++ {
		c := text[i] - '0'
		switch {
		case c <= 9:
			mantissa, digits = mantissa*10+uint64(c), digits+1
		case text[i] == point && seen < 0:
			seen = digits
		case digits > 0 && text[i]|0x20 == 'e':
			return parseSlowly(text, point)
		default:
			return 0, false
		}
		if digits > 18 {
			return parseSlowly(text, point)
		}
	}
	if digits == 0 {
		return 0, false
	}
	if seen >= 0 {
		scale = digits - seen
	}
	if mantissa >= 1<<53 {
		return parseSlowly(text, point)
	}
	if v = float64(mantissa) / powers[scale]; negative {
		v = -v
	}
	return v, true
}

// parseSlowly is parseNumber for any number of digits and an exponent.
func parseSlowly(text []byte, point byte) (float64, bool) {
	plain := make([]byte, len(text))
	for i, c := range text {
		switch {
		case c == point:
			c = '.'
		case c >= '0' && c <= '9', c == '-', c == '+', c|0x20 == 'e':
		default: // strconv knows hexadecimal numbers, infinity and underscores
			return 0, false
		}
		plain[i] = c
	}
	v, err := strconv.ParseFloat(string(plain), 64)
	return v, err == nil
}
