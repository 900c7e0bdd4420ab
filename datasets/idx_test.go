package datasets

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// idxBytes returns an IDX file: a magic number, sizes, data.
func idxBytes(magic uint32, sizes []uint32, data ...byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, magic)
	for _, s := range sizes {
		b = binary.BigEndian.AppendUint32(b, s)
	}
	return append(b, data...)
}

// packed returns b compressed with gzip.
func packed(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

// smallSet returns the files of 3 training and 2 test images of 2 rows and 1 column; one file is compressed.
func smallSet() map[string][]byte {
	return map[string][]byte{
		trainImages:        idxBytes(0x803, []uint32{3, 2, 1}, 0, 51, 102, 153, 204, 255),
		trainLabels:        idxBytes(0x801, []uint32{3}, 7, 0, 2),
		testImages + ".gz": packed(idxBytes(0x803, []uint32{2, 2, 1}, 1, 2, 3, 4)),
		testLabels:         idxBytes(0x801, []uint32{2}, 1, 1),
	}
}

// folder returns files as a file system.
func folder(files map[string][]byte) fs.FS {
	m := fstest.MapFS{}
	for name, data := range files {
		m[name] = &fstest.MapFile{Data: data}
	}
	return m
}

func TestIDX(t *testing.T) {
	dir := t.TempDir()
	for name, data := range smallSet() {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o644))
	}
	train, test, err := IDX(dir)
	require.NoError(t, err)
	assert.Equal(t, &Images{2, 1, []uint8{0, 51, 102, 153, 204, 255}, []uint8{7, 0, 2}}, train)
	assert.Equal(t, &Images{2, 1, []uint8{1, 2, 3, 4}, []uint8{1, 1}}, test)
	assert.Equal(t, 3, train.Len())

	assert.Equal(t, []int{3, 2}, []int(train.X().Shape()))
	assert.Equal(t, []float32{0, 0.2, 0.4, 0.6, 0.8, 1}, train.X().Data())
	assert.Equal(t, []int{3, 1, 2, 1}, []int(train.Planes().Shape()))
	assert.Equal(t, train.X().Data(), train.Planes().Data())
	assert.Equal(t, []int{3}, []int(train.Y().Shape()))
	assert.Equal(t, []float32{7, 0, 2}, train.Y().Data())
}

func TestIDXErrors(t *testing.T) {
	images, labels := smallSet()[trainImages], smallSet()[trainLabels]
	corrupt := packed(images)
	corrupt[len(corrupt)-6] ^= 1 // in the checksum
	huge := []uint32{1<<32 - 1, 1<<32 - 1, 1<<32 - 1}
	const imagesPath, gzPath, labelsPath = "set/train-images-idx3-ubyte", "set/train-images-idx3-ubyte.gz", "set/train-labels-idx1-ubyte"

	for _, c := range []struct {
		name string
		file string // the file to replace; "" replaces none
		data []byte
		want string
	}{
		{"empty file", trainImages, []byte{}, imagesPath + ": byte 0: magic number: got 0 bytes, want 4: unexpected EOF"},
		{"half a word", trainImages, images[:6], imagesPath + ": byte 4: size: got 2 bytes, want 4: unexpected EOF"},
		{"labels for images", trainImages, labels, imagesPath + ": byte 0: got magic number 0x00000801, want 0x00000803 (3-dimensional, unsigned bytes)"},
		{"images for labels", trainLabels, images, labelsPath + ": byte 0: got magic number 0x00000803, want 0x00000801 (1-dimensional, unsigned bytes)"},
		{"floats", trainImages, idxBytes(0xd03, []uint32{3, 2, 1}), imagesPath + ": byte 0: got magic number 0x00000d03, want 0x00000803 (3-dimensional, unsigned bytes)"},
		{"little-endian", trainImages, idxBytes(0x03080000, []uint32{3, 2, 1}), imagesPath + ": byte 0: got magic number 0x03080000, want 0x00000803 (3-dimensional, unsigned bytes)"},
		{"compressed without .gz", trainImages, packed(images), imagesPath + ": byte 0: got magic number 0x1f8b0800, want 0x00000803 (3-dimensional, unsigned bytes)"},
		{"no image", trainImages, idxBytes(0x803, []uint32{0, 2, 1}), imagesPath + ": byte 4: size 1 of 3: got 0, want 1 or more"},
		{"no column", trainImages, idxBytes(0x803, []uint32{3, 2, 0}), imagesPath + ": byte 12: size 3 of 3: got 0, want 1 or more"},
		{"truncated", trainImages, images[:19], imagesPath + ": byte 19: data: got 3 bytes, want 6: unexpected EOF"},
		{"oversized", trainImages, append(images[:22:22], 9), imagesPath + ": byte 22: got more bytes, want the end of the file after 22 bytes"},
		{"huge", trainImages, idxBytes(0x803, []uint32{1 << 10, 1 << 10, 1 << 10}, 1, 2), imagesPath + ": byte 18: data: got 2 bytes, want 1073741824: unexpected EOF"},
		{"beyond 64 bits", trainImages, idxBytes(0x803, huge), imagesPath + ": byte 8: size 2 of 3: got 4294967295, want sizes that fit in memory"},
		{"10 labels for 3 images", trainLabels, idxBytes(0x801, []uint32{10}, make([]byte, 10)...), labelsPath + ": byte 4: got 10 labels, want 3, one for each image of " + imagesPath},
		{"another image size", testImages, idxBytes(0x803, []uint32{2, 1, 2}, 1, 2, 3, 4), "set/t10k-images-idx3-ubyte: byte 8: got images of 1×2, want 2×1 as in " + imagesPath},

		{"plain with .gz", trainImages + ".gz", images, gzPath + ": byte 0: got no gzip file, want one, since the name ends in .gz: gzip: invalid header"},
		{"empty .gz", trainImages + ".gz", []byte{}, gzPath + ": byte 0: got no gzip file, want one, since the name ends in .gz: unexpected EOF"},
		{"truncated .gz", trainImages + ".gz", packed(images)[:26], ""},
		{"truncated in .gz", trainImages + ".gz", packed(images[:19]), gzPath + ": byte 19: data: got 3 bytes, want 6: unexpected EOF"},
		{"oversized in .gz", trainImages + ".gz", packed(append(images[:22:22], 9)), gzPath + ": byte 22: got more bytes, want the end of the file after 22 bytes"},
		{"checksum", trainImages + ".gz", corrupt, gzPath + ": byte 22: gzip: invalid checksum"},
		{"rubbish after .gz", trainImages + ".gz", append(packed(images), 1, 2, 3), gzPath + ": byte 22: "},
		{"huge in .gz", trainImages + ".gz", packed(idxBytes(0x803, []uint32{1 << 10, 1 << 10, 1 << 9}, 1)), gzPath + ": byte 17: data: got 1 bytes, want 536870912: unexpected EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := smallSet()
			maps.DeleteFunc(files, func(name string, _ []byte) bool { return name+".gz" == c.file })
			files[c.file] = c.data
			train, test, err := loadIDX(folder(files), "set", nil)
			require.Error(t, err)
			assert.Nil(t, train)
			assert.Nil(t, test)
			assert.Contains(t, err.Error(), "datasets: "+c.want)
			var format *FormatError
			assert.True(t, errors.As(err, &format), "%T", err)
		})
	}
}

func TestIDXMissing(t *testing.T) {
	files := smallSet()
	delete(files, trainLabels)
	_, _, err := loadIDX(folder(files), "set", nil)
	assert.ErrorIs(t, err, fs.ErrNotExist)
	assert.EqualError(t, err, "datasets: set: got neither train-labels-idx1-ubyte nor train-labels-idx1-ubyte.gz, want one of them: file does not exist")

	_, _, err = IDX(filepath.Join(t.TempDir(), "none"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
	assert.ErrorContains(t, err, "none")

	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	_, _, err = IDX(file)
	assert.ErrorContains(t, err, "file: got a file, want the folder of train-images-idx3-ubyte and the others")
}

// TestIDXHugeSize checks that declared sizes do not cause a large allocation.
func TestIDXHugeSize(t *testing.T) {
	file := idxBytes(0x803, []uint32{1 << 10, 1 << 10, 1 << 9}, make([]byte, 100)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := decodeIDX("x", file, 3)
	runtime.ReadMemStats(&after)
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
}

func FuzzIDX(f *testing.F) {
	set := smallSet()
	for _, file := range [][]byte{
		set[trainImages],
		set[trainLabels],
		idxBytes(0x803, []uint32{1<<32 - 1, 1<<32 - 1, 1}),
		idxBytes(0x801, []uint32{2}, 1, 2, 3), // one byte too many
	} {
		images := file[3] == 3
		f.Add(file, images, false)
		f.Add(packed(file), images, true)
	}
	f.Fuzz(func(t *testing.T, file []byte, images, zip bool) {
		rank, name := 1, "x"
		if images {
			rank = 3
		}
		if zip {
			name = "x.gz"
		}
		dims, data, err := decodeIDX(name, file, rank)
		if err != nil {
			var format *FormatError
			if !errors.As(err, &format) || format.File != name || dims != nil || data != nil {
				t.Fatalf("%v, data %v", err, data)
			}
			return
		}
		size := 1
		for _, d := range dims {
			size *= d
		}
		if len(dims) != rank || len(data) != size || size == 0 {
			t.Fatalf("sizes %v, %d bytes", dims, len(data))
		}
	})
}
