package serve

import (
	"fmt"
	"math"
	"strconv"
)

// encode appends the answer {"outputs": [sample, ...]} to buf, each number with the fewest digits that identify it. NaN and
// infinity, which JSON cannot represent, are an error.
func encode[T float](buf []byte, data []T, shape []int) ([]byte, *requestError) {
	bits := 64
	if _, ok := any(data).([]float32); ok {
		bits = 32
	}
	width := 1
	for _, n := range shape[1:] {
		width *= n
	}
	for i, v := range data {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return buf, &requestError{500, fmt.Sprintf("output: sample %d, element %d: got %v, want a finite number, since JSON has no other", i/width, i%width, f)}
		}
	}
	var array func(at int, shape []int) int
	array = func(at int, shape []int) int {
		if len(shape) == 0 {
			buf = strconv.AppendFloat(buf, float64(data[at]), 'g', -1, bits)
			return at + 1
		}
		for i := range shape[0] {
			buf = append(buf, "[,"[min(i, 1)])
			at = array(at, shape[1:])
		}
		buf = append(buf, ']')
		return at
	}
	buf = append(buf, `{"outputs":`...)
	array(0, shape)
	return append(buf, "}\n"...), nil
}
