package graph_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// trained returns a small model with data and settings for Fit: it resumes from a checkpoint, and writes one after two steps.
func trained(t testing.TB) (*graph.Model, graph.Arrays, graph.FitConfig) {
	t.Helper()
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 3}, layers.Tanh{}, layers.Dropout{Rate: 0.5}, layers.Dense{Units: 1}},
		graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{}, Seed: 1})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "checkpoint")
	return m, graph.Arrays{X: random(1, 5, 2), Y: random(2, 5, 1)}, graph.FitConfig{BatchSize: 2, Epochs: 2, Resume: path, Callbacks: []graph.Callback{
		graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
			if e == graph.StepEnd && r.Total == 2 {
				r.After(func() error { return r.SaveFile(path) })
			}
			return nil
		})}}
}

// checkpointBytes returns the checkpoint that Fit writes with the settings of trained.
func checkpointBytes(t testing.TB) []byte {
	t.Helper()
	m, data, fit := trained(t)
	_, err := m.Fit(context.Background(), data, fit)
	require.NoError(t, err)
	b, err := os.ReadFile(fit.Resume)
	require.NoError(t, err)
	return b
}

// TestOpenDamaged: a file that is truncated anywhere, or has any bit flipped, is an error of Open, Load and Resume.
func TestOpenDamaged(t *testing.T) {
	file := checkpointBytes(t)
	m, data, fit := trained(t)
	before := saved(t, m)
	check := func(what string, b []byte) {
		_, err := graph.ReadModel(bytes.NewReader(b))
		require.Error(t, err, what)
		if m.Load(bytes.NewReader(b)) == nil { // it reads as a file of another program
			w, err := graph.ReadWeights(bytes.NewReader(b))
			require.NoError(t, err)
			t.Fatalf("%s: Load: got %v and no error, want an error", what, w)
		}
		require.NoError(t, os.WriteFile(fit.Resume, b, 0o666))
		_, err = m.Fit(context.Background(), data, fit)
		require.ErrorContains(t, err, "Resume", what)
		require.Equal(t, before, saved(t, m))
	}
	step := 1
	if testing.Short() {
		step = 13
	}
	for n := 0; n < len(file); n += step {
		check(fmt.Sprintf("%d of %d bytes", n, len(file)), file[:n])
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for i := 0; i < len(file); i += step {
		b := bytes.Clone(file)
		bit := byte(1) << rng.IntN(8)
		b[i] ^= bit
		check(fmt.Sprintf("bit %#x of byte %d, %q", bit, i, file[max(0, i-20):min(len(file), i+20)]), b)
	}
}

// allocated returns the number of bytes that f allocates.
func allocated(f func()) int {
	var a, b runtime.MemStats
	runtime.ReadMemStats(&a)
	f()
	runtime.ReadMemStats(&b)
	return int(b.TotalAlloc - a.TotalAlloc)
}

// TestOpenHostile: networks that ask for more than their file holds are errors, and take little memory.
func TestOpenHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute under the race detector, which also needs memory of its own")
	}
	file := saved(t, small(t, tensor.Float32)) // has dense1/weight of shape [2 1] and dense1/bias
	const dense = `{"type":"layers.Dense","Units":1}`
	net := func(l string) string { return `{"Net":` + l + `,"Config":{"Input":[2],"DType":"float32","Seed":1}}` }
	list := func(l ...string) string { return `{"type":"layers.Sequential","value":[` + strings.Join(l, ",") + `]}` }
	input := func(input, l string) string { return strings.Replace(net(l), "[2]", input, 1) }
	many := func(n int, l string) string { return list(strings.Split(strings.Repeat(l+" ", n), " ")[:n]...) }
	for name, r := range map[string]struct{ network, want string }{
		"huge units":        {net(list(`{"type":"layers.Dense","Units":1000000000000}`)), "dense1: Param: tensor dense1/weight: got F32 of shape [2 1], want F32 of shape [2 1000000000000]"},
		"other layer":       {net(list(dense, dense)), "dense2: Param: parameter dense2/weight: got no tensor of that name in the file"},
		"surplus":           {net(list(`{"type":"layers.Dense","Units":1,"NoBias":true}`)), `the file has tensor "dense1/bias", the model does not`},
		"huge input":        {input("[1000000000000]", list(dense)), "want F32 of shape [1000000000000 1]"},
		"overflowing input": {input("[4294967296,4294967296,2]", list(`{"type":"layers.Flatten"}`, dense)), "input: got shape [2 4294967296 4294967296 2], want at most 64 dimensions and 9007199254740991 elements"},
		"no input":          {input("[0]", list(dense)), "want dimensions of 1 or more"},
		"encoding":          {input("[100000,100000]", list(`{"type":"layers.PositionalEncoding"}`, dense)), "positionalencoding1: Waves: got a constant of shape [100000 100000]"},
		"up-sampling":       {input("[1,1,2]", list(`{"type":"layers.UpSample2D","Size":[1000000000,1000000000]}`, dense)), "want at most"},
		"resizing":          {input("[1,1,2]", list(`{"type":"layers.Resize2D","Size":[2000000000,2000000000]}`, dense)), "want at most"},
		"padding":           {input("[1,1,2]", list(`{"type":"layers.ZeroPad2D","Right":2000000000,"Bottom":2000000000,"Value":1}`, dense)), "want at most"},
		"adaptive pool":     {input("[1,1,2]", list(`{"type":"layers.AdaptiveMaxPool2D","Size":[2000000000]}`, dense)), "want at most"},
		"rank":              {net(list(`{"type":"layers.Reshape","Shape":[2`+strings.Repeat(",1", 100)+`]}`, dense)), "want at most 64 dimensions"},
		"deep":              {net(strings.Repeat(`{"type":"layers.Residual","Layer":`, 200) + dense + strings.Repeat("}", 200)), "got more than 100 levels"},
		"many layers":       {net(many(20000, `{"type":"layers.ReLU"}`)), "more than 16384 values"},
		"many operations":   {input("[1,6,5]", many(2000, `{"type":"layers.RandomErase"}`)), "operations, want no more for a file of this size; "},
		"long names":        {net(list(`{"type":"layers.Named","Name":"` + strings.Repeat("n", 100_000) + `","Layer":` + many(200, `{"type":"layers.Tanh"}`) + `}`)), "got a layer name of "},
		"a loss":            {net(`{"type":"losses.MeanSquaredError"}`), "network.Net: got a losses.MeanSquaredError, want a graph.Layer"},
		"unknown":           {net(`{"type":"main.Evil"}`), `network.Net: got the type "main.Evil", which this program has not registered`},
		"nothing":           {net(`null`), "got no network"},
		"nil layer":         {net(list(`null`)), "Apply: got no layer"},
		"nil within":        {net(`{"type":"layers.Named","Name":"a"}`), "named: Layer: got nil, want a layer"},
		"no path":           {`{"Net":` + dense + `,"Path":"/","Config":{"Input":[2]}}`, "got no tensor of that name in the file"},
		"invalid JSON":      {`{"Net":`, "network.Net: unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := graph.Reseal(file, func(m map[string]string) { m["network"] = r.network })
			require.NoError(t, err)
			n := allocated(func() { _, err = graph.ReadModel(bytes.NewReader(b)) })
			require.ErrorContains(t, err, r.want)
			t.Logf("%d bytes allocated for a file of %d: %.100v", n, len(b), err)
			require.Less(t, n, 64<<20)
		})
	}
	for _, l := range []graph.Layer{layers.SimpleRNN{Units: 1}, layers.Bidirectional{Layer: layers.GRU{Units: 1, ReturnSequences: true}}} {
		m, err := graph.Compile(l, graph.Config{Input: []int{3, 2}, Loss: losses.MeanSquaredError{}})
		require.NoError(t, err)
		b, err := graph.Reseal(saved(t, m), func(m map[string]string) {
			m["network"] = strings.Replace(m["network"], "[3,", "[1000000000,", 1)
			m["config"] = strings.Replace(m["config"], "[3,", "[1000000000,", 1)
		})
		require.NoError(t, err)
		n := allocated(func() { _, err = graph.ReadModel(bytes.NewReader(b)) })
		require.NoError(t, err) // a loop is one operation, however long it is
		t.Logf("%d bytes for a file of %d", n, len(b))
		require.Less(t, n, 64<<20)
	}
	for name, r := range map[string]struct{ key, text, want string }{
		"configuration":   {"config", `{"Input":[2],"Loss":{"type":"optimizers.Adam"}}`, "Config.Loss: got a optimizers.Adam, want a graph.Loss"},
		"no input":        {"config", `{}`, "Config.Input: got no dimensions"},
		"element type":    {"config", `{"Input":[2],"DType":"int"}`, `got elements of "int"`},
		"other type":      {"config", `{"Input":[2],"DType":"float64"}`, "want F64 of shape [2 1]"},
		"bad setting":     {"config", `{"Input":[2],"Optimizer":{"type":"optimizers.Adam","Beta1":7}}`, "optimizers: Adam: Beta1"},
		"nil rule":        {"config", `{"Input":[2],"Optimizer":{"type":"optimizers.Clip"}}`, "optimizers: Clip: Optimizer: got nil"},
		"negative steps":  {"model", `{"steps":-1,"seed":1}`, "got -1 steps"},
		"no slots":        {"model", `{"steps":5,"seed":1}`, ""},
		"unknown entry":   {"model", `{"evil":5}`, "model.evil: got an unknown entry"},
		"no state at all": {"model", ``, "model: got"},
		"seed":            {"model", `{}`, "Seed: got 0 in the file, want 1 as in the model"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := graph.Reseal(file, func(m map[string]string) { m[r.key] = r.text })
			require.NoError(t, err)
			_, err = graph.ReadModel(bytes.NewReader(b))
			if r.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, r.want)
			}
		})
	}
}
