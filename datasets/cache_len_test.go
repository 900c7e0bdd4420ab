package datasets

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// TestCacheLen: a Cache knows its samples before the first pass if it has a file to use, whatever From is. So Fit, which asks before
// it reads, keeps its batches.
func TestCacheLen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "samples")
	require.Equal(t, [][]float32{upTo(7)}, readAll(t, &Cache{From: counting(7), Path: path, Key: "1"}, 0, nil))
	for _, c := range []struct {
		name       string
		cache      *Cache
		len, steps int // before the first pass, steps of 3
	}{
		{"without From", &Cache{}, 7, 3},
		{"of nothing", &Cache{From: graph.Arrays{}}, 7, 3},
		{"of a stream", &Cache{From: counting(7)}, 7, 3},
		{"of other samples", &Cache{From: numbered(0, 70)}, 7, 3},
		{"with another key", &Cache{From: numbered(0, 70), Key: "2"}, 70, 24},
		{"with another key, of a stream", &Cache{From: counting(70), Key: "2"}, -1, 0},
		{"with another file", &Cache{From: numbered(0, 70), Path: path + "2"}, 70, 24},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.cache.Path == "" {
				c.cache.Path = path
			}
			if c.cache.Key == "" {
				c.cache.Key = "1"
			}
			require.Equal(t, c.len, c.cache.Len())
			require.Equal(t, c.steps, c.cache.Steps(3))
			require.Equal(t, c.len, Prefetch{From: c.cache}.Len())
			if c.cache.Path == path && c.cache.Key == "1" {
				require.Equal(t, chunks(3, upTo(7)...), readAll(t, c.cache, 3, nil))
				require.Equal(t, 7, c.cache.Len())
			}
			require.NoError(t, c.cache.Close())
		})
	}
}

// TestChosenOfCache: samples of a Cache of a stream, whose number is not known before it is read, can be chosen in the first pass as
// in later ones.
func TestChosenOfCache(t *testing.T) {
	weight := []float64{0, 0, 1, 0, 0}
	for _, path := range []string{"", filepath.Join(t.TempDir(), "samples")} {
		for name, choose := range map[string]func(c *Cache) graph.StepCounter{
			"rows": func(c *Cache) graph.StepCounter { return Rows{From: c, Index: []int{2, 2, 2, 2, 2}} },
			"rows of rows": func(c *Cache) graph.StepCounter {
				return Rows{From: Rows{From: c, Index: []int{4, 2}}, Index: []int{1, 1, 1, 1, 1}}
			},
			"weighted":         func(c *Cache) graph.StepCounter { return Weighted{From: c, Weight: weight} },
			"weighted, number": func(c *Cache) graph.StepCounter { return Weighted{From: c, Weight: weight, N: 5} },
		} {
			t.Run(fmt.Sprint(name, " ", path != ""), func(t *testing.T) {
				c := &Cache{From: counting(5), Path: path}
				d := choose(c)
				require.Contains(t, []int{0, 2}, d.Steps(3))
				for range 2 {
					require.Equal(t, [][]float32{{2, 2, 2}, {2, 2}}, readAll(t, d, 3, generator()))
				}
				require.Equal(t, 2, d.Steps(3))
				require.NoError(t, c.Close())
			})
		}
	}
	_, err := Rows{From: &Cache{From: Stream(nil)}, Index: []int{0}}.Rows([]int{0})
	require.EqualError(t, err, "datasets: Cache: Stream: got nil, want a function")
}
