// Package golden reads reference results, computed by other implementations, for tests: JSON files of cases in a package's
// testdata, or in the folder that the environment variable NNDIY_GOLDEN names.
package golden

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

// Folder is the environment variable that names the folder of the files that Cases reads; default testdata.
const Folder = "NNDIY_GOLDEN"

// Cases returns the cases of a file in testdata, or in the folder that NNDIY_GOLDEN names.
func Cases[T any](t testing.TB, file string) []T {
	t.Helper()
	dir := os.Getenv(Folder)
	if dir == "" {
		dir = testdata
	}
	return read[T](t, dir, file)
}

// Own returns the cases of a file in testdata, whether or not NNDIY_GOLDEN names another folder.
func Own[T any](t testing.TB, file string) []T {
	t.Helper()
	return read[T](t, testdata, file)
}

const testdata = "testdata"

// read returns the cases of a file in a folder.
func read[T any](t testing.TB, dir, file string) []T {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatalf("golden: %v", err)
	}
	var content struct{ Cases []T }
	if err := json.Unmarshal(data, &content); err != nil {
		t.Fatalf("golden: %s: %v", file, err)
	}
	if len(content.Cases) == 0 {
		t.Fatalf("golden: %s: got no cases, want at least one", file)
	}
	return content.Cases
}

// A Tensor is a tensor in a file: its shape and its elements in row-major order.
type Tensor struct {
	Shape []int
	Data  []float64
}

// Dense returns the tensor with elements of the given type, tensor.Float32 or tensor.Float64.
func (v Tensor) Dense(dt tensor.Dtype) *tensor.Dense {
	if dt == tensor.Float64 {
		return tensor.New(tensor.WithShape(v.Shape...), tensor.WithBacking(slices.Clone(v.Data)))
	}
	data := make([]float32, len(v.Data))
	for i, x := range v.Data {
		data[i] = float32(x)
	}
	return tensor.New(tensor.WithShape(v.Shape...), tensor.WithBacking(data))
}

// A Tolerance is the largest allowed error of an element: Relative times the magnitude of the wanted element, plus Absolute,
// for small elements that are differences of larger numbers.
type Tolerance struct{ Relative, Absolute float64 }

// Equal fails the test unless got has v's shape and elements within the limit; what names the tensor in the message.
func (v Tensor) Equal(t testing.TB, what string, got *tensor.Dense, limit Tolerance) {
	t.Helper()
	if !slices.Equal(v.Shape, []int(got.Shape())) {
		t.Errorf("%s: got shape %v, want %v", what, got.Shape(), v.Shape)
		return
	}
	for i, want := range v.Data {
		x := element(got, i)
		if d := limit.Relative*math.Abs(want) + limit.Absolute; !(math.Abs(x-want) <= d) && x != want {
			t.Errorf("%s: element %d: got %v, want %v within %.2g", what, i, x, want, d)
			return
		}
	}
}

func element(t *tensor.Dense, i int) float64 {
	if t.Dtype() == tensor.Float32 {
		return float64(t.Float32s()[i])
	}
	return t.Float64s()[i]
}
