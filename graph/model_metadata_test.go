package graph_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// notes are entries whose keys are those of the format, empty, long, or need escapes.
func notes() map[string]string {
	return map[string]string{
		"classes": "cat\ndog\n\"é😀\"", "": "empty key", "empty": "", "format": "mine", "version": "1", "checksum": "0", "network": "{}", "config": "x",
		"network_error": "none", "run": "7", "user.": "u", "user.classes": "v", "nndiy.states": "dense1/weight", "\x00\x1f\u2028<&>\\": "\x00",
		strings.Repeat("k", 10_000): strings.Repeat("v", 100_000),
	}
}

// TestMetadata: the entries come back from files, parts and checkpoints as they were, whatever their keys, and the same model
// gives the same bytes.
func TestMetadata(t *testing.T) {
	m, data, fit := trained(t)
	require.Empty(t, m.Metadata())
	require.NotNil(t, m.Metadata())
	plain := saved(t, m)
	require.NotContains(t, string(plain), "user.")
	require.NoError(t, m.SetMetadata(notes()))
	require.Equal(t, notes(), m.Metadata())
	require.Equal(t, saved(t, m), saved(t, m))
	o := opened(t, m)
	require.Equal(t, notes(), o.Metadata())
	require.Equal(t, saved(t, m), saved(t, o))

	part, err := m.Sub("dense1")
	require.NoError(t, err)
	require.Equal(t, notes(), part.Metadata())
	require.Equal(t, notes(), opened(t, part).Metadata())
	require.NoError(t, part.SetMetadata(map[string]string{"a": "b"}))
	require.Equal(t, map[string]string{"a": "b"}, m.Metadata())
	require.NoError(t, m.SetMetadata(notes()))

	_, err = m.Fit(context.Background(), data, fit)
	require.NoError(t, err)
	o, err = graph.Open(fit.Resume)
	require.NoError(t, err)
	require.Equal(t, notes(), o.Metadata())
	resumed, _, again := trained(t)
	require.NoError(t, resumed.SetMetadata(map[string]string{"mine": "stays", "classes": "replaced"}))
	again.Resume = fit.Resume
	_, err = resumed.Fit(context.Background(), data, again)
	require.NoError(t, err)
	want := notes()
	want["mine"] = "stays"
	require.Equal(t, want, resumed.Metadata())

	before := resumed.Metadata()
	require.NoError(t, resumed.LoadFile(fit.Resume)) // reads only the parameters
	require.Equal(t, before, resumed.Metadata())
	require.NoError(t, m.SetMetadata(nil))
	require.Empty(t, m.Metadata())
	require.NotContains(t, string(saved(t, m)), "user.")
}

// TestMetadataCopies: neither the map that is set nor the one that is returned is the model's own.
func TestMetadataCopies(t *testing.T) {
	m, _, _ := trained(t)
	given := map[string]string{"a": "b"}
	require.NoError(t, m.SetMetadata(given))
	given["a"] = "changed"
	m.Metadata()["a"] = "changed"
	require.Equal(t, map[string]string{"a": "b"}, m.Metadata())
}

// TestMetadataConcurrent sets, reads and saves metadata from several goroutines.
func TestMetadataConcurrent(t *testing.T) {
	m, _, _ := trained(t)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for range 50 {
				value := fmt.Sprint(i)
				if m.SetMetadata(map[string]string{"a": value, "b": value}) != nil {
					panic("SetMetadata failed")
				}
				if got := m.Metadata(); got["a"] != got["b"] {
					panic("got metadata of two calls, want those of one")
				}
				var file bytes.Buffer
				if m.Save(&file) != nil {
					panic("Save failed")
				}
			}
		})
	}
	all.Wait()
}

// TestMetadataErrors: what no file could hold is an error at once, and changes nothing; the largest metadata that is allowed
// can be saved.
func TestMetadataErrors(t *testing.T) {
	m, _, _ := trained(t)
	require.NoError(t, m.SetMetadata(map[string]string{"a": "b"}))
	for want, metadata := range map[string]map[string]string{
		`graph: SetMetadata: metadata "a": got "\xff", want valid UTF-8`:          {"a": "\xff"},
		`graph: SetMetadata: metadata "\xff": got "a", want valid UTF-8`:          {"\xff": "a"},
		`graph: SetMetadata: metadata: got 16000001 bytes, want at most 16000000`: {"a": strings.Repeat("x", 16_000_000)},
	} {
		t.Run(want, func(t *testing.T) {
			require.EqualError(t, m.SetMetadata(metadata), want)
			require.Equal(t, map[string]string{"a": "b"}, m.Metadata())
		})
	}
	if !*long {
		return
	}
	largest := map[string]string{"": strings.Repeat("\x01", 16_000_000)} // 6 bytes each in JSON
	require.NoError(t, m.SetMetadata(largest))
	path := filepath.Join(t.TempDir(), "model")
	require.NoError(t, m.SaveFile(path))
	o, err := graph.Open(path)
	require.NoError(t, err)
	require.True(t, o.Metadata()[""] == largest[""])
}

// described is a network with metadata.
type described struct {
	layers.Dense
	Notes map[string]string
}

func (d described) Metadata() map[string]string { return d.Notes }

// TestMetadataOfNetwork: a model begins with the metadata of its network.
func TestMetadataOfNetwork(t *testing.T) {
	cfg := graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}}
	m, err := graph.Compile(described{layers.Dense{Units: 1}, notes()}, cfg)
	require.NoError(t, err)
	require.Equal(t, notes(), m.Metadata())
	_, err = graph.Compile(described{layers.Dense{Units: 1}, map[string]string{"a": "\xff"}}, cfg)
	require.ErrorContains(t, err, `graph: Compile: network: metadata "a": got "\xff", want valid UTF-8; inside a layers.Sequential`)
}
