package datasets_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
)

const npyFolder = "testdata/npy"

// counted returns the n elements f(0) to f(n-1), as testdata/npy/make.py computes them.
func counted[T any](n int, f func(i int) T) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = f(i)
	}
	return list
}

// TestNPYFixtures reads files that NumPy wrote.
func TestNPYFixtures(t *testing.T) {
	f4 := func(n int) []float32 { return counted(n, func(i int) float32 { return float32(i - 3) }) }
	f8 := counted(6, func(i int) float64 { return float64(i-3) / 4 })
	for file, want := range map[string]any{
		"le-f4": f4(6), "be-f4": f4(6), "le-f8": f8, "be-f8": f8,
		"i1":    counted(6, func(i int) int8 { return int8(i - 3) }),
		"le-i2": counted(6, func(i int) int16 { return int16(i - 3) }), "be-i2": counted(6, func(i int) int16 { return int16(i - 3) }),
		"le-i4": counted(6, func(i int) int32 { return int32(i - 3) }), "be-i4": counted(6, func(i int) int32 { return int32(i - 3) }),
		"le-i8": counted(6, func(i int) int64 { return int64(i - 3) }), "be-i8": counted(6, func(i int) int64 { return int64(i - 3) }),
		"u1":    counted(6, func(i int) uint8 { return uint8(i + 250) }),
		"le-u2": counted(6, func(i int) uint16 { return uint16(i + 250) }), "be-u2": counted(6, func(i int) uint16 { return uint16(i + 250) }),
		"le-u4": counted(6, func(i int) uint32 { return uint32(i + 250) }),
		"le-u8": counted(6, func(i int) uint64 { return uint64(i + 250) }), "be-u8": counted(6, func(i int) uint64 { return uint64(i + 250) }),
		"b1":       counted(6, func(i int) bool { return i%2 == 1 }),
		"version2": f4(6), "version3": f4(6),
	} {
		requireArray(t, file, want, 2, 3)
	}
	requireArray(t, "vector", f4(5), 5)
	requireArray(t, "one", f4(1), 1)
	requireArray(t, "fortran", f4(120), 2, 3, 4, 5)
	requireArray(t, "fortran-be", counted(6, func(i int) int32 { return int32(i - 3) }), 3, 1, 2)
	requireArray(t, "scalar", -0.75)
}

// requireArray reads a file, compares the array, and writes and reads it again.
func requireArray(t *testing.T, file string, want any, shape ...int) {
	t.Helper()
	x, err := datasets.OpenNPY(filepath.Join(npyFolder, file+".npy"))
	require.NoError(t, err, file)
	require.Equal(t, want, x.Data(), file)
	require.Equal(t, len(shape), x.Dims(), file)
	if len(shape) > 0 {
		require.Equal(t, tensor.Shape(shape), x.Shape(), file)
	}
	var b bytes.Buffer
	require.NoError(t, datasets.WriteNPY(&b, x))
	parsed, err := datasets.ParseNPY(b.Bytes(), "parsed")
	require.NoError(t, err)
	read, err := datasets.ReadNPY(&b, "again")
	require.NoError(t, err)
	for _, again := range []*tensor.Dense{parsed, read} {
		require.Equal(t, want, again.Data())
		require.Equal(t, x.Shape(), again.Shape())
	}
}

// TestNPYBytes checks that WriteNPY writes the same bytes as NumPy, except for padding.
func TestNPYBytes(t *testing.T) {
	for _, file := range []string{"le-f4", "le-f8", "i1", "le-i2", "le-i4", "le-i8", "u1", "le-u2", "le-u4", "le-u8", "b1", "vector", "one", "scalar"} {
		want, err := os.ReadFile(filepath.Join(npyFolder, file+".npy"))
		require.NoError(t, err)
		x, err := datasets.OpenNPY(filepath.Join(npyFolder, file+".npy"))
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, datasets.WriteNPY(&b, x))
		require.Equal(t, string(want[128:]), b.String()[128:], file)
		require.Equal(t, string(bytes.TrimRight(want[10:128], " \n")), string(bytes.TrimRight(b.Bytes()[10:128], " \n")), file)
	}
}

// TestNPYKinds writes tensors of int and uint, views, transposed tensors and long ones.
func TestNPYKinds(t *testing.T) {
	x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]int{1, 2, 3, 4, 5, -6}))
	require.Equal(t, []int64{1, 2, 3, 4, 5, -6}, rewritten(t, x).Data())
	require.Equal(t, []uint64{7}, rewritten(t, tensor.New(tensor.WithShape(1), tensor.WithBacking([]uint{7}))).Data())
	view, err := x.Slice(nil, tensor.S(1, 3))
	require.NoError(t, err)
	require.Equal(t, []int64{2, 3, 5, -6}, rewritten(t, view.(*tensor.Dense)).Data())
	require.NoError(t, x.T())
	transposed := rewritten(t, x)
	require.Equal(t, []int64{1, 4, 2, 5, 3, -6}, transposed.Data())
	require.Equal(t, tensor.Shape{3, 2}, transposed.Shape())
	long := tensor.New(tensor.WithShape(1<<17+1), tensor.WithBacking(counted(1<<17+1, func(i int) float64 { return float64(i) / 7 })))
	require.Equal(t, long.Data(), rewritten(t, long).Data())
}

// TestParseNPY checks that the tensor uses the memory of the file where possible, and a copy of the same elements elsewhere.
func TestParseNPY(t *testing.T) {
	for shared, file := range map[bool][]byte{
		true:  npyFile("{'descr':'<f4','fortran_order':False,'shape':(2,1)}\n      ", 0, 0, 128, 63, 0, 0, 0, 192),
		false: npyFile("{'descr':'>f4','fortran_order':False,'shape':(2,1)}\n      ", 63, 128, 0, 0, 192, 0, 0, 0),
	} {
		for shift := range 8 {
			moved := append(make([]byte, shift, 256), file...)[shift:] // make aligns to a multiple of 8
			x, err := datasets.ParseNPY(moved, "a")
			require.NoError(t, err)
			require.Equal(t, []float32{1, -2}, x.Data())
			require.Equal(t, tensor.Shape{2, 1}, x.Shape())
			copy(moved[len(moved)-8:], moved[len(moved)-4:])
			changed := x.Float32s()[0] == -2
			require.Equal(t, shared && (shift+len(file))%4 == 0, changed, "shift %d", shift)
		}
		_, err := datasets.ParseNPY(append(file, 0), "a")
		require.ErrorContains(t, err, "got more bytes, want the end of the file after the array")
	}
	x, err := datasets.ParseNPY(npyFile("{'descr':'|b1','fortran_order':False,'shape':(2,)}", 0, 3), "a")
	require.NoError(t, err)
	require.Equal(t, []bool{false, true}, x.Data())
}

func rewritten(t *testing.T, x *tensor.Dense) *tensor.Dense {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, datasets.WriteNPY(&b, x))
	b.WriteString("after it")
	got, err := datasets.ReadNPY(&b, "again")
	require.NoError(t, err)
	require.Equal(t, "after it", b.String())
	return got
}

// npyFile returns a file of version 1 with the given header and data.
func npyFile(header string, data ...byte) []byte {
	return append([]byte("\x93NUMPY\x01\x00"+string([]byte{byte(len(header)), byte(len(header) >> 8)})+header), data...)
}

// FuzzReadNPY checks that ReadNPY, given any file, returns an error or an array that can be written and read again.
func FuzzReadNPY(f *testing.F) {
	files, err := filepath.Glob(npyFolder + "/*.npy")
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, path := range files {
		file, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(file)
	}
	f.Add(npyFile("{'descr':'>i2','fortran_order':True,'shape':(2L,1),}\n", 1, 2, 3, 4))
	f.Fuzz(func(t *testing.T, file []byte) {
		r := bytes.NewReader(file)
		x, err := datasets.ReadNPY(r, "fuzz")
		parsed, failed := datasets.ParseNPY(file, "fuzz")
		if err != nil {
			require.Nil(t, x)
			require.Equal(t, err, failed)
			return
		}
		if r.Len() > 0 {
			require.Error(t, failed)
		} else {
			require.NoError(t, failed)
			var a, b bytes.Buffer // bytes are compared, since NaN is not equal to itself
			require.NoError(t, datasets.WriteNPY(&a, x))
			require.NoError(t, datasets.WriteNPY(&b, parsed))
			require.Equal(t, a.Bytes(), b.Bytes())
		}
		var first, second bytes.Buffer
		require.NoError(t, datasets.WriteNPY(&first, x))
		again, err := datasets.ReadNPY(bytes.NewReader(first.Bytes()), "again")
		require.NoError(t, err)
		require.Equal(t, reflect.TypeOf(x.Data()), reflect.TypeOf(again.Data()))
		require.NoError(t, datasets.WriteNPY(&second, again))
		require.Equal(t, first.Bytes(), second.Bytes())
	})
}
