package onnx_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// A network is a row of the tables: a layer and the shape of one sample.
type network struct {
	name  string
	layer graph.Layer
	input []int
}

// networksFolder is the environment variable that names the folder that testdata/networks.py wrote.
const networksFolder = "NNDIY_ONNX_NETWORKS"

// untrained are networks whose output has no derivative by their weights; training them is an error.
var untrained = []string{"argmax"}

// variant matches the name of a folder: of the network, of the batch and of the opset.
var variant = regexp.MustCompile(`^test_(.*)_(free|fixed)_[0-9]+$`)

// TestNetworks: a Runner computes what PyTorch computed from the files of its exporter, and a Network does too and trains further if it
// has weights. The files are of 60 networks or more, each with a free and a fixed batch, at opsets 11, 13 and 17.
func TestNetworks(t *testing.T) {
	dir := os.Getenv(networksFolder)
	if dir == "" {
		t.Skipf("%s is not set: it names the folder that testdata/networks.py wrote", networksFolder)
	}
	whole := 0
	for _, files := range checkNetworks(t, dir) {
		if files == 6 {
			whole++
		}
	}
	require.GreaterOrEqual(t, whole, 60, "networks with 6 files")
}

// TestSomeNetworks: the same for some of these files.
func TestSomeNetworks(t *testing.T) { checkNetworks(t, filepath.Join("testdata", "networks")) }

// checkNetworks tests the files in a folder, and returns the number of files of each network.
func checkNetworks(t *testing.T, dir string) (variants map[string]int) {
	folders, err := filepath.Glob(filepath.Join(dir, "torch", "test_*"))
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	var ran, trained int
	variants = map[string]int{}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			r, err := onnx.Load(filepath.Join(folder, "model.onnx"))
			require.NoError(t, err)
			inputs, want := map[string]onnx.Tensor{}, []onnx.Tensor{}
			for i, p := range r.Inputs() {
				inputs[p.Name], err = suiteTensor(filepath.Join(folder, "test_data_set_0", fmt.Sprintf("input_%d.pb", i)))
				require.NoError(t, err)
			}
			got, err := r.Run(context.Background(), inputs)
			require.NoError(t, err)
			for i, p := range r.Outputs() {
				x, err := suiteTensor(filepath.Join(folder, "test_data_set_0", fmt.Sprintf("output_%d.pb", i)))
				require.NoError(t, err)
				require.NoError(t, close(x, got[p.Name], 1e-5))
				want = append(want, x)
			}
			ran++
			name := variant.ReplaceAllString(filepath.Base(folder), "$1")
			variants[name]++
			t.Run("open", func(t *testing.T) {
				trains, err := openCase(t, filepath.Join(folder, "model.onnx"), r, inputs, want)
				if slices.Contains(untrained, name) {
					require.ErrorContains(t, err, "got a loss without a derivative by any parameter")
					return
				}
				require.NoError(t, err)
				if trains {
					trained++
				}
			})
		})
	}
	t.Logf("of %d networks in %d files a Runner and a Network compute %d, of which %d train", len(variants), len(folders), ran, trained)
	return variants
}

// close compares shapes and elements, up to an absolute plus relative error.
func close(want, got onnx.Tensor, limit float64) error {
	if !slices.Equal(want.Shape, got.Shape) {
		return fmt.Errorf("got shape %v, want %v", got.Shape, want.Shape)
	}
	a, b := onnx.Doubles(want), onnx.Doubles(got)
	for i := range a {
		if !(math.Abs(a[i]-b[i]) <= limit*(1+math.Abs(a[i]))) {
			return fmt.Errorf("element %d: got %v, want %v", i, b[i], a[i])
		}
	}
	return nil
}

// dense returns a tensor of float32, in which a model takes integers too.
func dense(x onnx.Tensor) *tensor.Dense {
	list := make([]float32, len(onnx.Doubles(x)))
	for i, v := range onnx.Doubles(x) {
		list[i] = float32(v)
	}
	return tensor.New(tensor.WithShape(x.Shape...), tensor.WithBacking(list))
}

// openCase checks that a Network predicts the first output, and trains a step if it has weights.
func openCase(t *testing.T, path string, r *onnx.Runner, inputs map[string]onnx.Tensor, want []onnx.Tensor) (trains bool, err error) {
	net, err := onnx.Open(path)
	if err != nil {
		return false, err
	}
	ports := r.Inputs()
	data := graph.Arrays{X: dense(inputs[ports[0].Name]), Y: dense(want[0])}
	cfg := graph.Config{Input: slices.Clone([]int(data.X.Shape()[1:])), Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 0.1}}
	for _, p := range ports[1:] {
		if cfg.Inputs == nil {
			cfg.Inputs, data.Inputs = map[string][]int{}, map[string]*tensor.Dense{}
		}
		x := dense(inputs[p.Name])
		cfg.Inputs[p.Name], data.Inputs[p.Name] = slices.Clone([]int(x.Shape()[1:])), x
	}
	m, err := graph.Compile(net, cfg)
	if err != nil {
		return false, err
	}
	all := map[string]*tensor.Dense{graph.MainInput: data.X}
	maps.Copy(all, data.Inputs)
	out, err := m.PredictAll(context.Background(), all)
	if err != nil {
		return false, err
	}
	y, err := onnx.FromDense(out[graph.MainOutput])
	if err != nil {
		return false, err
	}
	if err := close(want[0], y, 1e-5); err != nil {
		return false, err
	}
	for i := range data.Y.Float32s() {
		data.Y.Float32s()[i] += float32(i % 3) // not one number for all, which Softmax does not change
	}
	before := m.Weights()
	if len(before) == 0 {
		return false, nil
	}
	if _, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 1, BatchSize: 2}); err != nil {
		return false, err
	}
	for name, w := range m.Weights() {
		trains = trains || !slices.Equal(before[name].Float32s(), w.Float32s())
	}
	if !trains {
		return false, fmt.Errorf("got a step of training that changes no weight, want one that does")
	}
	return true, nil
}
