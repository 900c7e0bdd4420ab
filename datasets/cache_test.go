package datasets

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// several returns samples with all kinds of tensors, of several element types.
func several() graph.Arrays {
	return graph.Arrays{
		X:      tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6})),
		Y:      tensor.New(tensor.WithShape(3), tensor.WithBacking([]int64{7, 8, 9})),
		Inputs: map[string]*graph.Tensor{"a": dense([]float32{1, 2, 3}, 3, 1), "b": tensor.New(tensor.WithShape(3, 1, 1), tensor.WithBacking([]uint8{4, 5, 6}))},
		Targets: map[string]*graph.Tensor{
			"c": tensor.New(tensor.WithShape(3), tensor.WithBacking([]int16{1, -2, 3})), "d": tensor.New(tensor.WithShape(3), tensor.WithBacking([]int{1, 2, 3})),
		},
		Weight: dense([]float32{1, 2, 3}, 3),
	}
}

// TestCacheFile: a file gives back every tensor, is used again without From, is replaced when the key changes, and is the same file
// in every run.
func TestCacheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "samples")
	c := &Cache{From: several(), Path: path, Key: "1"}
	want, err := several().Rows([]int{2, 0, 2})
	require.NoError(t, err)
	got, err := c.Rows([]int{2, 0, 2})
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(want), fmt.Sprint(got))
	require.NoError(t, c.Close())
	first, err := os.ReadFile(path)
	require.NoError(t, err)

	c = &Cache{Path: path, Key: "1"}
	got, err = c.Rows([]int{2, 0, 2})
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(want), fmt.Sprint(got))
	require.Equal(t, 3, c.Len())
	require.NoError(t, c.Close())
	_, err = (&Cache{Path: path, Key: "2"}).Rows([]int{0})
	require.ErrorContains(t, err, "From: got nil")
	_, err = (&Cache{Path: path, Key: "1", MaxBytes: 5}).Rows([]int{0})
	require.ErrorContains(t, err, "MaxBytes: got")

	c = &Cache{From: numbered(5, 2), Path: path, Key: "2"}
	require.Equal(t, [][]float32{{5, 6}}, readAll(t, c, 0, nil))
	require.NoError(t, c.Close())
	c = &Cache{From: several(), Path: path, Key: "1"}
	require.Len(t, slicesOf(c.Batches(1, nil)), 3)
	require.NoError(t, c.Close())
	again, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, bytes.Equal(first, again))
}

func slicesOf(it func(func(graph.Batch, error) bool)) (list []graph.Batch) {
	it(func(b graph.Batch, err error) bool {
		if err == nil {
			list = append(list, b)
		}
		return true
	})
	return list
}

// TestCacheDamaged: any bit that changed is an error, at opening or when its sample is read.
func TestCacheDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "samples")
	require.NoError(t, (&Cache{From: several(), Path: path}).write())
	good, err := os.ReadFile(path)
	require.NoError(t, err)
	info := bytes.IndexByte(good, '{')
	for at := range good {
		for bit := range 8 {
			bad := bytes.Clone(good)
			bad[at] ^= 1 << bit
			require.NoError(t, os.WriteFile(path, bad, 0o666))
			c := &Cache{Path: path}
			_, err := c.Rows([]int{0, 1, 2})
			require.Error(t, err, "bit %d of byte %d", bit, at)
			if at < info {
				require.ErrorContains(t, err, "the file is damaged", "byte %d", at)
			}
			require.NoError(t, c.Close())
		}
	}
	old := append(bytes.Clone(good[:len(good)-len(cacheMark)]), firstCache...)
	require.NoError(t, os.WriteFile(path, old, 0o666))
	c := &Cache{From: several(), Path: path}
	_, err = c.Rows([]int{0, 1, 2})
	require.NoError(t, err)
	require.NoError(t, c.Close())
	again, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, good, again)
	require.NoError(t, os.WriteFile(path, []byte("a file of something else"), 0o666))
	_, err = (&Cache{From: several(), Path: path}).Rows([]int{0})
	require.ErrorContains(t, err, "got a file of another format")
}

// FuzzCache: a file of a cache is an error or gives samples, whatever is in it, and never takes more memory than in proportion to it.
func FuzzCache(f *testing.F) {
	path := filepath.Join(f.TempDir(), "samples")
	require.NoError(f, (&Cache{From: several(), Path: path}).write())
	good, err := os.ReadFile(path)
	require.NoError(f, err)
	f.Add(good)
	text := []byte(`{"Order":"little","Samples":1,"Tensors":[{"Name":"X","Type":"float32","Shape":[4294967296,4294967296]}]}`)
	sum := crc32.Checksum(text, castagnoli)
	end := binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(text, uint32(len(text))), sum)
	f.Add(append(end, cacheMark...))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &cacheFile{in: bytes.NewReader(data), path: "fuzz"}
		if c.readHead(int64(len(data))) != nil {
			return
		}
		if b, err := c.Rows([]int{0, c.Len() - 1}); err == nil {
			n, err := sampleCount(b)
			require.NoError(t, err)
			require.Equal(t, 2, n)
		}
	})
}
