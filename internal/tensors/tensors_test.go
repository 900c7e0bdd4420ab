package tensors

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// backings returns the numbers 0 to n-1 as slices of each numeric element type.
func backings(n int) []any {
	return []any{
		numbers[int](n), numbers[int8](n), numbers[int16](n), numbers[int32](n), numbers[int64](n),
		numbers[uint](n), numbers[uint8](n), numbers[uint16](n), numbers[uint32](n), numbers[uint64](n),
		numbers[float32](n), numbers[float64](n),
	}
}

func numbers[T number](n int) []T {
	s := make([]T, n)
	for i := range s {
		s[i] = T(i)
	}
	return s
}

// A layout makes a tensor of shape (3, 4) whose elements in row-major order are given.
type layout struct {
	name string
	make func(rows any) *tensor.Dense
}

// permuted returns a slice whose element i is element of(i) of rows, or 0 if of(i) is negative.
func permuted(rows any, n int, of func(i int) int) any {
	from := reflect.ValueOf(rows)
	to := reflect.MakeSlice(from.Type(), n, n)
	for i := range n {
		if j := of(i); j >= 0 {
			to.Index(i).Set(from.Index(j))
		}
	}
	return to.Interface()
}

func dense(backing any, shape ...int) *tensor.Dense {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(backing))
}

func view(t *tensor.Dense, slices ...tensor.Slice) *tensor.Dense {
	v, err := t.Slice(slices...)
	if err != nil {
		panic(err)
	}
	return v.(*tensor.Dense)
}

var layouts = []layout{
	{"row-major", func(rows any) *tensor.Dense { return dense(rows, 3, 4) }},
	{"column-major", func(rows any) *tensor.Dense {
		return tensor.New(tensor.WithShape(3, 4), tensor.AsFortran(permuted(rows, 12, func(i int) int { return i })))
	}},
	{"transposed without a copy", func(rows any) *tensor.Dense {
		t := dense(permuted(rows, 12, func(i int) int { return i%3*4 + i/3 }), 4, 3)
		if err := t.T(); err != nil {
			panic(err)
		}
		return t
	}},
	{"view of rows", func(rows any) *tensor.Dense {
		return view(dense(permuted(rows, 20, func(i int) int {
			if i >= 4 && i < 16 {
				return i - 4
			}
			return -1
		}), 5, 4), tensor.S(1, 4))
	}},
	{"view of columns", func(rows any) *tensor.Dense {
		t := dense(permuted(rows, 18, func(i int) int {
			if col := i%6 - 1; col >= 0 && col < 4 {
				return i/6*4 + col
			}
			return -1
		}), 3, 6)
		return view(t, nil, tensor.S(1, 5))
	}},
	{"view of every second row", func(rows any) *tensor.Dense {
		t := dense(permuted(rows, 24, func(i int) int {
			if row := i / 4; row%2 == 0 {
				return row/2*4 + i%4
			}
			return -1
		}), 6, 4)
		return view(t, tensor.S(0, 6, 2))
	}},
	{"view of a transposed tensor", func(rows any) *tensor.Dense {
		t := dense(permuted(rows, 15, func(i int) int {
			if row := i % 3; i >= 3 {
				return row*4 + i/3 - 1
			}
			return -1
		}), 5, 3)
		if err := t.T(); err != nil {
			panic(err)
		}
		return view(t, nil, tensor.S(1, 5))
	}},
}

// TestLayouts reads and writes every layout of every element type.
func TestLayouts(t *testing.T) {
	for _, l := range layouts {
		for _, rows := range backings(12) {
			t.Run(fmt.Sprintf("%s/%T", l.name, rows), func(t *testing.T) {
				x := l.make(rows)
				require.Equal(t, []int{3, 4}, []int(x.Shape()))
				want := numbers[float64](12)
				got, err := Float64s(x)
				require.NoError(t, err)
				require.Equal(t, want, got)
				single := make([]float32, 12)
				require.NoError(t, Read(single, x))
				require.Equal(t, numbers[float32](12), single)

				major, err := RowMajor(x)
				require.NoError(t, err)
				require.True(t, Contiguous(major))
				require.Equal(t, rows, major.Data())
				require.Equal(t, x.Dtype(), major.Dtype())

				floats, err := Floats(x)
				require.NoError(t, err)
				got, err = Float64s(floats)
				require.NoError(t, err)
				require.Equal(t, want, got)

				var g RowGatherer
				require.NoError(t, g.Begin(x, 3))
				require.Equal(t, permuted(rows, 8, func(i int) int { return []int{2, 0}[i/4]*4 + i%4 }), g.Take([]int{2, 0}).Data())
				require.Equal(t, permuted(rows, 4, func(i int) int { return 4 + i }), g.Take([]int{1}).Data())
				require.Equal(t, rows, g.Take([]int{0, 1, 2}).Data())

				if dt := x.Dtype(); dt != tensor.Float32 && dt != tensor.Float64 {
					return
				}
				require.NoError(t, Copy(x, dense(numbers[int16](24)[12:], 3, 4)))
				got, err = Float64s(Clone(x))
				require.NoError(t, err)
				require.Equal(t, numbers[float64](24)[12:], got)
			})
		}
	}
}

func TestScalarsAndErrors(t *testing.T) {
	for _, x := range []*tensor.Dense{tensor.New(tensor.FromScalar(3.0)), tensor.New(tensor.FromScalar(int8(3))), view(dense(numbers[float32](5), 5), tensor.S(3))} {
		got, err := Float64s(x)
		require.NoError(t, err)
		require.Equal(t, []float64{3}, got)
		require.True(t, Contiguous(x))
		floats, err := Floats(x)
		require.NoError(t, err)
		require.Empty(t, floats.Shape())
		require.Len(t, Bytes(floats), int(floats.Dtype().Size()))
	}
	_, err := Float64s(dense([]string{"a"}, 1))
	require.ErrorContains(t, err, "got elements of string, want numbers")
	_, err = Float64s(nil)
	require.ErrorContains(t, err, "got no tensor")
	_, err = Floats(nil)
	require.ErrorContains(t, err, "got no tensor")
	_, err = Float64s(new(tensor.Dense))
	require.ErrorContains(t, err, "got a tensor without elements, want numbers")
	_, err = Floats(new(tensor.Dense))
	require.ErrorContains(t, err, "got a tensor without elements, want numbers")
	require.ErrorContains(t, Read(make([]float32, 2), dense(numbers[int](3), 3)), "got 3 elements, want 2")
	words := dense([]string{"a", "b", "c", "d", "e", "f"}, 2, 3)
	require.NoError(t, words.T())
	major, err := RowMajor(words)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "d", "b", "e", "c", "f"}, major.Data())
}

func TestRowsAndNonFinite(t *testing.T) {
	x := dense(numbers[float64](12), 3, 4)
	require.Same(t, x, Rows(x, 0, 3))
	r := Rows(x, 1, 2)
	require.Equal(t, numbers[float64](12)[4:], r.Data())
	require.False(t, HasNonFinite(r))
	Data[float64](x)[11] = math.Inf(-1)
	require.True(t, HasNonFinite(r), "rows share the memory")
	require.Equal(t, []int16{2, 3}, Rows(dense(numbers[int16](4), 4), 2, 2).Data())
	require.True(t, SameShape(x, []int{3, 4}))
	require.False(t, SameShape(x, []int{4, 3}))
}

// TestRange: a finite number that float32 does not have is an error that names it, in any layout; infinities and NaN stay.
func TestRange(t *testing.T) {
	inf := math.Inf(1)
	for _, v := range []float64{1e39, -1e39, math.MaxFloat64, inf, -inf, math.NaN(), math.MaxFloat32, -math.MaxFloat32, 1e-50} {
		for _, turned := range []bool{false, true} {
			src := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{1, 2, 3, 4, v, 6}))
			at := 4
			if turned {
				require.NoError(t, src.T())
				at = 3
			}
			dst := make([]float32, 6)
			err := Read(dst, src)
			if math.Abs(v) > math.MaxFloat32 && !math.IsInf(v, 0) {
				require.EqualError(t, err, fmt.Sprintf("element %d: got %v, want a number in the range of float32", at, v))
			} else {
				require.NoError(t, err)
				require.Equal(t, math.Float32bits(float32(v)), math.Float32bits(dst[at]))
			}
			require.NoError(t, Read(make([]float64, 6), src))
		}
	}
}
