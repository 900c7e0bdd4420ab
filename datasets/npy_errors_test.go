package datasets_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
)

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
		t.Run(want, func(t *testing.T) {
			x, err := datasets.ReadNPY(bytes.NewReader(file), "a.npy")
			require.Nil(t, x)
			require.ErrorContains(t, err, want)
			require.ErrorContains(t, err, "datasets: a.npy: byte ")
			var format *datasets.FormatError
			require.True(t, errors.As(err, &format))
			_, again := datasets.ParseNPY(file, "a.npy")
			require.Equal(t, err, again)
		})
	}
	for file, want := range map[string]string{
		"complex": `descr: got "<c8"`, "half": `descr: got "<f2"`, "text": `descr: got "<U1"`, "object": `descr: got "|O"`,
		"fields": "descr: got a list of fields, want an array of numbers", "empty": "shape: got [0 3], want dimensions of 1 or more",
	} {
		t.Run(file, func(t *testing.T) {
			_, err := datasets.OpenNPY(filepath.Join(npyFolder, file+".npy"))
			require.ErrorContains(t, err, want)
		})
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
		t.Run(want, func(t *testing.T) { require.ErrorContains(t, datasets.WriteNPY(io.Discard, x), want) })
	}
	x := tensor.New(tensor.WithBacking([]float32{1}))
	for _, after := range []int{0, 1} {
		require.ErrorContains(t, datasets.WriteNPY(&fullDisk{after}, x), "datasets: WriteNPY: no space left")
	}
}

// A fullDisk accepts left writes and then returns errors.
type fullDisk struct{ left int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.left--; d.left < 0 {
		return 0, errors.New("no space left")
	}
	return len(p), nil
}
