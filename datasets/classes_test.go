package datasets

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

type point struct{ X, Y int }

// TestClasses: labels of several types keep their numbers in a model's file.
func TestClasses(t *testing.T) {
	classesOf(t, []string{"dog", "cat", "dog", "ant"}, []string{"ant", "cat", "dog"})
	classesOf(t, []int{3, 1, 2, 3}, []int{1, 2, 3})
	classesOf(t, []float32{0.5, -1}, []float32{-1, 0.5})
	classesOf(t, []bool{true, false, true}, []bool{true, false}) // in the order in which they come
	classesOf(t, []point{{3, 1}, {1, 2}, {3, 1}}, []point{{3, 1}, {1, 2}})
}

func classesOf[T comparable](t *testing.T, labels, want []T) {
	t.Helper()
	c, err := ClassesOf(labels)
	require.NoError(t, err)
	require.Equal(t, want, c.Labels())
	y, err := c.Numbers(labels)
	require.NoError(t, err)
	for i, v := range y.Float32s() {
		got, ok := c.Label(int(v))
		require.True(t, ok)
		require.Equal(t, labels[i], got)
	}
	m, err := graph.Compile(layers.Dense{Units: c.Len()}, graph.Config{Input: []int{1}})
	require.NoError(t, err)
	require.NoError(t, m.SetMetadata(map[string]string{"other": "stays"}))
	_, err = StoredClasses[T](m)
	require.ErrorContains(t, err, `datasets: StoredClasses: metadata: got no "classes"`)
	require.NoError(t, c.StoreIn(m))
	require.Equal(t, "stays", m.Metadata()["other"])
	path := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, m.SaveFile(path))
	m, err = graph.Open(path)
	require.NoError(t, err)
	stored, err := StoredClasses[T](m)
	require.NoError(t, err)
	require.Equal(t, c, stored)
}

// TestClassesPredicted: rows of scores, and probabilities of class 1.
func TestClassesPredicted(t *testing.T) {
	c, err := ClassesOf([]string{"a", "b"})
	require.NoError(t, err)
	got, err := c.Predicted(dense([]float32{0.2, 0.8, 0.5, 0.5, 3, 2}, 3, 2))
	require.NoError(t, err)
	require.Equal(t, []string{"b", "a", "a"}, got)
	for _, shape := range [][]int{{3}, {3, 1}} {
		got, err = c.Predicted(dense([]float64{0.2, 0.5, 0.6}, shape...))
		require.NoError(t, err)
		require.Equal(t, []string{"a", "a", "b"}, got)
	}
	_, err = c.Predicted(dense([]float32{1, 2, 3}, 1, 3))
	require.ErrorContains(t, err, "datasets: Classes: got predictions of shape [1 3], want (n,2)")
	_, err = c.Predicted(dense([]float32{float32(math.NaN()), 2}, 1, 2))
	require.ErrorContains(t, err, "row 0 of the predictions: got NaN")
	_, err = c.Numbers([]string{"b", "c"})
	require.ErrorContains(t, err, "datasets: Classes: label 1: got c, want one of the 2 classes")
	_, err = c.Numbers(nil)
	require.ErrorContains(t, err, "got no labels")
	_, err = ClassesOf([]float64{math.NaN()})
	require.ErrorContains(t, err, "label 0: got NaN")
	_, err = ClassesOf[int](nil)
	require.ErrorContains(t, err, "got no labels")
	_, ok := c.Label(2)
	require.False(t, ok)
	_, ok = c.Number("c")
	require.False(t, ok)
	m, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{1}})
	require.NoError(t, err)
	hidden, err := ClassesOf([]struct{ a int }{{1}, {2}})
	require.NoError(t, err)
	require.ErrorContains(t, hidden.StoreIn(m), "datasets: Classes: StoreIn:")
	for _, text := range []string{`["a","a"]`, `[]`, `3`, `[1]`} {
		require.NoError(t, m.SetMetadata(map[string]string{"classes": text}))
		_, err = StoredClasses[string](m)
		require.ErrorContains(t, err, "datasets: StoredClasses:")
	}
}
