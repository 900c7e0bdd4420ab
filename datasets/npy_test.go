package datasets_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
)

const npyFolder = "testdata/npy"

// counted returns the n elements that make.py gives an array.
func counted[T any](n int, f func(i int) T) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = f(i)
	}
	return list
}

// TestNPYFixtures: files that NumPy wrote.
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

// requireArray reads a file, and writes and reads what it has.
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

// TestNPYBytes: what is written is what NumPy writes, byte by byte.
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

// TestNPYKinds: tensors of the machine's integers, and those that are no plain rows.
func TestNPYKinds(t *testing.T) {
	x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]int{1, 2, 3, 4, 5, -6}))
	require.Equal(t, []int64{1, 2, 3, 4, 5, -6}, rewritten(t, x).Data())
	require.Equal(t, []uint64{7}, rewritten(t, tensor.New(tensor.WithShape(1), tensor.WithBacking([]uint{7}))).Data())
	view, err := x.Slice(nil, tensor.S(1, 3))
	require.NoError(t, err)
	require.Equal(t, []int64{2, 3, 5, -6}, rewritten(t, view.(*tensor.Dense)).Data())
	require.NoError(t, x.T())
	turned := rewritten(t, x)
	require.Equal(t, []int64{1, 4, 2, 5, 3, -6}, turned.Data())
	require.Equal(t, tensor.Shape{3, 2}, turned.Shape())
	long := tensor.New(tensor.WithShape(1<<17+1), tensor.WithBacking(counted(1<<17+1, func(i int) float64 { return float64(i) / 7 })))
	require.Equal(t, long.Data(), rewritten(t, long).Data())
}

// TestParseNPY: elements of a file in memory are used where they are, or copied where that can't be, to the same array.
func TestParseNPY(t *testing.T) {
	for shared, file := range map[bool][]byte{
		true:  npyFile("{'descr':'<f4','fortran_order':False,'shape':(2,1)}\n      ", 0, 0, 128, 63, 0, 0, 0, 192),
		false: npyFile("{'descr':'>f4','fortran_order':False,'shape':(2,1)}\n      ", 63, 128, 0, 0, 192, 0, 0, 0),
	} {
		for shift := range 8 {
			moved := append(make([]byte, shift, 256), file...)[shift:] // what is made begins at a multiple of 8
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
	b.WriteString("behind it")
	got, err := datasets.ReadNPY(&b, "again")
	require.NoError(t, err)
	require.Equal(t, "behind it", b.String())
	return got
}

// npyFile is a file of version 1 with the given header, whose length is that of the text.
func npyFile(text string, data ...byte) []byte {
	return append([]byte("\x93NUMPY\x01\x00"+string([]byte{byte(len(text)), byte(len(text) >> 8)})+text), data...)
}

func TestNPYErrors(t *testing.T) {
	const rest = "'fortran_order': False, 'shape': (2,)}"
	for want, file := range map[string][]byte{
		"byte 0: magic string and version: got 0 bytes, want 8: unexpected EOF":    {},
		`byte 0: got "PK\x03\x04ab", want "\x93NUMPY": is this an .npy file?`:      []byte("PK\x03\x04abcdef"),
		"byte 6: got version 4 of the format, want 1, 2 or 3":                      []byte("\x93NUMPY\x04\x00\x00\x00"),
		"byte 8: got a header of 4294967295 bytes, want at most 65536":             []byte("\x93NUMPY\x02\x00\xff\xff\xff\xff"),
		"byte 13: header: got 3 bytes, want 118":                                   []byte("\x93NUMPY\x01\x00\x76\x00{'d"),
		`byte 10: header: got "", want "{"`:                                        npyFile(""),
		`header: got "", want a string in quotes`:                                  npyFile("{"),
		`header: got "'descr", want a string in quotes`:                            npyFile("{'descr"),
		`header: got "'a\\'", want a string in quotes`:                             npyFile(`{'a\'`),
		`header: got "'<f4'}", want ":"`:                                           npyFile("{'descr' '<f4'}"),
		"header: got 1 keys, want descr, fortran_order and shape":                  npyFile("{'descr': '<f4'}"),
		`header: got a second "descr"`:                                             npyFile("{'descr': '<f4', 'descr': '<f4', " + rest),
		`header: got the key "kind", want descr, fortran_order and shape`:          npyFile("{'kind': 1, 'descr': '<f4', " + rest),
		`header: got "x" after the dictionary`:                                     npyFile("{'descr': '<f4', " + rest + "\nx"),
		`header: descr: got "=f4", want b1, i1 to i8`:                              npyFile("{'descr': '=f4', " + rest),
		`header: descr: got "f4"`:                                                  npyFile("{'descr': 'f4', " + rest),
		`header: descr: got "<>f4"`:                                                npyFile("{'descr': '<>f4', " + rest),
		`header: got "None, 'shape': (", want "False"`:                             npyFile("{'descr': '<f4', 'fortran_order': None, 'shape': (2,)}"),
		`header: shape: got "-2,)}", want an integer that fits in 64 bits`:         npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}"),
		`header: shape: got "9223372036854775808,)}"`:                              npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)}"),
		`header: got ")}", want ","`:                                               npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (2)}"),
		"header: shape: got [2 0], want dimensions of 1 or more":                   npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 0)}"),
		"header: shape: got [4294967296 4294967296], want one that fits in memory": npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}"),
		"data: got 7 bytes, want 8: unexpected EOF":                                npyFile("{'descr': '<f4', "+rest, 1, 2, 3, 4, 5, 6, 7),
		"data: got 1 bytes, want 65536":                                            npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}", 1),
		"byte 65: data: got 0 bytes, want 2":                                       npyFile("{'descr': '|i1', " + rest),
	} {
		x, err := datasets.ReadNPY(bytes.NewReader(file), "a.npy")
		require.Nil(t, x)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "datasets: a.npy: byte ")
		var format *datasets.FormatError
		require.True(t, errors.As(err, &format))
		_, again := datasets.ParseNPY(file, "a.npy")
		require.Equal(t, err, again)
	}
	for file, want := range map[string]string{
		"complex": `descr: got "<c8"`, "half": `descr: got "<f2"`, "text": `descr: got "<U1"`, "object": `descr: got "|O"`,
		"fields": "descr: got a list of fields, want an array of numbers", "empty": "shape: got [0 3], want dimensions of 1 or more",
	} {
		_, err := datasets.OpenNPY(filepath.Join(npyFolder, file+".npy"))
		require.ErrorContains(t, err, want)
	}
	_, err := datasets.OpenNPY(filepath.Join(npyFolder, "none.npy"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	whole, err := os.ReadFile(filepath.Join(npyFolder, "one.npy"))
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "two.npy")
	require.NoError(t, os.WriteFile(path, append(whole, 0), 0o666))
	_, err = datasets.OpenNPY(path)
	require.ErrorContains(t, err, "byte 132: got more bytes, want the end of the file after the array")
}

func TestWriteNPYErrors(t *testing.T) {
	for want, x := range map[string]*tensor.Dense{
		"datasets: WriteNPY: got no tensor":                                nil,
		"datasets: WriteNPY: got elements of string, want numbers or bool": tensor.New(tensor.WithBacking([]string{"a"})),
		"datasets: WriteNPY: got a masked tensor":                          tensor.New(tensor.WithBacking([]float32{1}, []bool{true})),
	} {
		require.ErrorContains(t, datasets.WriteNPY(io.Discard, x), want)
	}
	x := tensor.New(tensor.WithBacking([]float32{1}))
	for _, after := range []int{0, 1} {
		require.ErrorContains(t, datasets.WriteNPY(&fullDisk{after}, x), "datasets: WriteNPY: no space left")
	}
}

// A fullDisk takes a number of writes.
type fullDisk struct{ left int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.left--; d.left < 0 {
		return 0, errors.New("no space left")
	}
	return len(p), nil
}

// FuzzReadNPY: whatever the file, ReadNPY returns an error or an array that is written and read again as the same.
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
			var a, b bytes.Buffer // of NaN too
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
