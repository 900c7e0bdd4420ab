package datasets_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
)

// TestNPZFixtures reads files that NumPy wrote, and writes and reads their arrays again.
func TestNPZFixtures(t *testing.T) {
	for _, file := range []string{"arrays.npz", "packed.npz"} {
		arrays, err := datasets.NPZ{}.Open(filepath.Join(npyFolder, file))
		require.NoError(t, err)
		require.Len(t, arrays, 3)
		require.Equal(t, []float32{-3, -2, -1, 0, 1, 2}, arrays["x"].Data())
		require.Equal(t, counted(12, func(i int) int64 { return int64(i - 3) }), arrays["y"].Data())
		require.Equal(t, tensor.Shape{3, 4}, arrays["y"].Shape())
		require.Equal(t, []uint8{250, 251, 252, 253, 254, 255, 0}, arrays["a/b"].Data())
		for _, format := range []datasets.NPZ{{}, {Compress: true}} {
			first, second := archive(t, format, arrays), archive(t, format, arrays)
			require.Equal(t, first, second)
			again, err := format.Read(bytes.NewReader(first), int64(len(first)), "again")
			require.NoError(t, err)
			require.Len(t, again, 3)
			for name, x := range arrays {
				require.Equal(t, x.Data(), again[name].Data())
				require.Equal(t, x.Shape(), again[name].Shape())
			}
		}
	}
}

func archive(t testing.TB, format datasets.NPZ, arrays map[string]*tensor.Dense) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, format.Write(&b, arrays))
	return b.Bytes()
}

// zeros returns an array that compresses well.
func zeros(n int) map[string]*tensor.Dense {
	return map[string]*tensor.Dense{"zeros": tensor.New(tensor.WithShape(n), tensor.WithBacking(make([]float64, n)))}
}

// TestNPZBomb checks that an archive beyond MaxBytes is an error before memory is allocated.
func TestNPZBomb(t *testing.T) {
	file := archive(t, datasets.NPZ{Compress: true}, zeros(4<<20))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := datasets.NPZ{}.Read(bytes.NewReader(file), int64(len(file)), "bomb")
	runtime.ReadMemStats(&after)
	require.ErrorContains(t, err, "datasets: bomb/zeros.npy: byte 128: shape [4194304] of f8: got arrays of 33554432 bytes so far in a file of ")
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
	_, err = datasets.NPZ{MaxBytes: 32<<20 - 1}.Read(bytes.NewReader(file), int64(len(file)), "bomb")
	require.ErrorContains(t, err, ", want at most 33554431, the limit that MaxBytes sets")
	arrays, err := datasets.NPZ{MaxBytes: 32 << 20}.Read(bytes.NewReader(file), int64(len(file)), "bomb")
	require.NoError(t, err)
	require.Equal(t, tensor.Shape{4 << 20}, arrays["zeros"].Shape())
}

// TestNPZTogether checks that MaxBytes limits the sum of all arrays.
func TestNPZTogether(t *testing.T) {
	x := zeros(10)["zeros"]
	file := archive(t, datasets.NPZ{}, map[string]*tensor.Dense{"a": x, "b": x})
	_, err := datasets.NPZ{MaxBytes: 159}.Read(bytes.NewReader(file), int64(len(file)), "two")
	require.ErrorContains(t, err, "two/b.npy")
	_, err = datasets.NPZ{MaxBytes: 160}.Read(bytes.NewReader(file), int64(len(file)), "two")
	require.NoError(t, err)
}

// members returns an archive of files, given as name, contents, name, contents and so on.
func members(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		m, err := w.CreateHeader(&zip.FileHeader{Name: files[i], Method: zip.Store})
		require.NoError(t, err)
		_, err = io.WriteString(m, files[i+1])
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func TestNPZErrors(t *testing.T) {
	array := string(npyFile("{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}", 7, 8))
	flipped := members(t, "a.npy", array)
	flipped[bytes.Index(flipped, []byte{7, 8})] = 9
	for want, file := range map[string][]byte{
		"datasets: f: zip: not a valid zip file":                                               []byte("PK"),
		`datasets: f: got "a.txt" in the archive, want names that end in .npy`:                 members(t, "a.txt", array),
		`datasets: f: got a second "a.npy" in the archive, want each name once`:                members(t, "a.npy", array, "a.npy", array),
		"datasets: f/a.npy: byte 3: magic string and version: got 3 bytes":                     members(t, "a.npy", array[:3]),
		"datasets: f/a.npy: byte 67: got more bytes, want the end of the file after the array": members(t, "a.npy", array+"x"),
		"datasets: f/a.npy: byte 67: zip: checksum error":                                      flipped,
	} {
		t.Run(want, func(t *testing.T) {
			arrays, err := datasets.NPZ{}.Read(bytes.NewReader(file), int64(len(file)), "f")
			require.ErrorContains(t, err, want)
			require.Nil(t, arrays)
		})
	}
	_, err := datasets.NPZ{MaxBytes: -1}.Read(bytes.NewReader(nil), 0, "f")
	require.ErrorContains(t, err, "datasets: NPZ: MaxBytes: got -1, want a finite number of at least 0")
	_, err = datasets.NPZ{}.Open(filepath.Join(npyFolder, "none.npz"))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, datasets.NPZ{}.Write(io.Discard, map[string]*tensor.Dense{"": zeros(1)["zeros"]}), "got an array with the empty name")
	require.ErrorContains(t, datasets.NPZ{}.Write(io.Discard, map[string]*tensor.Dense{"a": nil}), `datasets: NPZ: array "a": got no tensor`)
	require.ErrorContains(t, datasets.NPZ{}.Write(&fullDisk{}, zeros(1)), "datasets: NPZ: no space left")
}

// FuzzReadNPZ checks that Read, given any file, returns an error or arrays within the default of MaxBytes that can be written and
// read again.
func FuzzReadNPZ(f *testing.F) {
	for _, name := range []string{"arrays.npz", "packed.npz"} {
		file, err := os.ReadFile(filepath.Join(npyFolder, name))
		require.NoError(f, err)
		f.Add(file)
	}
	f.Add(members(f, "a.npy", string(npyFile("{'descr': '|u1', 'fortran_order': False, 'shape': (999999999,)}", 7, 8))))
	f.Add(members(f, strings.Repeat("a", 300)+".npy", "", "b", ""))
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.HuffmanOnly) })
	m, err := w.Create("a.npy")
	require.NoError(f, err)
	require.NoError(f, datasets.WriteNPY(m, zeros(1000)["zeros"]))
	require.NoError(f, w.Close())
	f.Add(packed.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		arrays, err := datasets.NPZ{}.Read(bytes.NewReader(file), int64(len(file)), "fuzz")
		if err != nil {
			require.Nil(t, arrays)
			return
		}
		total := 0
		for _, x := range arrays {
			total += int(x.MemSize())
		}
		require.LessOrEqual(t, total, max(16*len(file), 1<<20))
		if arrays[""] != nil { // Write refuses the empty name
			return
		}
		again := archive(t, datasets.NPZ{}, arrays)
		got, err := datasets.NPZ{MaxBytes: 1 << 30}.Read(bytes.NewReader(again), int64(len(again)), "again")
		require.NoError(t, err)
		require.Len(t, got, len(arrays))
	})
}
