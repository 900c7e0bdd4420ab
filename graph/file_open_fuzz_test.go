package graph_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/layers"
)

// FuzzOpen: for any file, ReadModel returns an error or a model that can be saved and opened again, and Fit resumes from it or
// returns an error. Each input is tried as it is, and with a valid checksum.
func FuzzOpen(f *testing.F) {
	f.Add(checkpointBytes(f))
	negative := checkpointBytes(f)
	for at := len(negative) - 156 + 92; at < len(negative)-156+104; at += 4 { // the second moments of dense2/weight
		negative[at+3] |= 0x80
	}
	f.Add(negative)
	unknown := checkpointBytes(f)
	copy(unknown[len(unknown)-156+140:], "\x00\x00\xc0\x7f") // dense2/bias is NaN
	f.Add(unknown)
	f.Add(saved(f, small(f, tensor.Float32)))
	f.Add(saved(f, small(f, tensor.Float64)))
	m, err := graph.Compile(layers.Sequential{
		layers.Named("a", layers.Residual{Layer: layers.Conv1D{Filters: 2, Kernel: 3, Padding: layers.Same}}),
		layers.Bidirectional{Layer: layers.GRU{Units: 1}},
	}, graph.Config{Input: []int{2, 4}})
	require.NoError(f, err)
	f.Add(saved(f, m))
	f.Add(saved(f, imported(f)))
	for _, h := range halves {
		f.Add(halfSaved(f, h, m))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 1<<16 {
			return
		}
		openAny(t, file)
		if sealed, err := graph.Reseal(file, nil); err == nil {
			openAny(t, sealed)
		}
	})
}

// imported returns a model whose network was read from an ONNX file.
func imported(t testing.TB) *graph.Model {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 2}, layers.BatchNorm{}, layers.Tanh{}}, graph.Config{Input: []int{3}})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, onnx.Write(&file, m))
	net, err := onnx.Read(&file)
	require.NoError(t, err)
	m, err = graph.Compile(net, graph.Config{Input: net.Input()})
	require.NoError(t, err)
	return m
}

// TestImportedIsCompared: an imported network whose description asks for parameters of other shapes than the file has is an
// error.
func TestImportedIsCompared(t *testing.T) {
	file := saved(t, imported(t))
	sealed, err := graph.Reseal(file, func(m map[string]string) {
		m["network"] = regexp.MustCompile(`"value":"[^"]*"`).ReplaceAllStringFunc(m["network"], func(value string) string {
			text, err := base64.StdEncoding.DecodeString(strings.Split(value, `"`)[3])
			require.NoError(t, err)
			shape := []byte("\x08\x03\x0a\x02\x08\x02") // the weight's dimensions 3 and 2, each encoded as a message
			require.Equal(t, 1, bytes.Count(text, shape))
			text = bytes.Replace(text, shape, []byte("\x08\x7f\x0a\x02\x08\x02"), 1)
			return `"value":"` + base64.StdEncoding.EncodeToString(text) + `"`
		})
	})
	require.NoError(t, err)
	_, err = graph.ReadModel(bytes.NewReader(sealed))
	require.ErrorContains(t, err, "want F32 of shape [127 2]")
}

// FuzzOpenNetwork is FuzzOpen for the strings in the metadata; the tensors are those of a valid checkpoint.
func FuzzOpenNetwork(f *testing.F) {
	file := checkpointBytes(f)
	keys := []string{"network", "config", "model", "run"}
	_, err := graph.Reseal(file, func(m map[string]string) { f.Add(m[keys[0]], m[keys[1]], m[keys[2]], m[keys[3]]) })
	require.NoError(f, err)
	const sequential = `{"Net":{"type":"layers.Sequential","value":[`
	for _, net := range []string{
		`{"type":"*layers.Named","Name":"a","Layer":{"type":"layers.Dense","Units":3}}`,
		`{"type":"layers.Concat","Axis":-1,"Layers":[{"type":"layers.Tanh"},{"type":"layers.Identity"}]}`,
		`{"type":"layers.Reshape","Shape":[1,-1,1]},{"type":"layers.MaxPool2D","Size":[1],"Padding":"1 1"}`,
		`{"type":"layers.Reshape","Shape":[2,1]},{"type":"layers.MultiHeadAttention","Causal":true,"Init":"HeNormal"}`,
	} {
		f.Add(sequential+net+`]},"Config":{"Input":[2]}}`, `{"Input":[2],"Optimizer":{"type":"optimizers.Clip"},"Metrics":[{"type":"metrics.TopK","K":3}]}`, `{"steps":1e9}`, `{"sum":"NaN"}`)
	}
	f.Fuzz(func(t *testing.T, network, config, model, run string) {
		if len(network)+len(config)+len(model)+len(run) > 1<<14 {
			return
		}
		sealed, err := graph.Reseal(file, func(m map[string]string) {
			m[keys[0]], m[keys[1]], m[keys[2]], m[keys[3]] = network, config, model, run
		})
		if err == nil {
			openAny(t, sealed)
		}
	})
}

// finite reports whether no element is NaN or infinite.
func finite(x *tensor.Dense) bool {
	return !slices.ContainsFunc(x.Float32s(), func(v float32) bool { return v-v != 0 })
}

// openAny opens a file with any content, and resumes training from it.
func openAny(t *testing.T, file []byte) {
	var m *graph.Model
	var err error
	n := allocated(func() { m, err = graph.ReadModel(bytes.NewReader(file)) })
	if n > 100<<20+100*len(file) {
		t.Errorf("got %d bytes allocated for a file of %d, want at most 100 MiB and 100 per byte of the file: %v", n, len(file), err)
	}
	if err == nil {
		o, err := graph.ReadModel(bytes.NewReader(saved(t, m)))
		require.NoError(t, err)
		require.Equal(t, saved(t, m), saved(t, o))
	}
	w, err := graph.ReadWeights(bytes.NewReader(file))
	if err == nil {
		_ = w.Names()
	}
	c, data, fit := trained(t)
	require.NoError(t, os.WriteFile(fit.Resume, file, 0o666))
	before := saved(t, c)
	_, err = c.Fit(context.Background(), data, fit)
	switch {
	case errors.Is(err, graph.ErrDiverged): // possible with negative second moments; the model has the last finite weights
		_, err := graph.ReadModel(bytes.NewReader(saved(t, c)))
		require.NoError(t, err)
		from, err := graph.ReadWeights(bytes.NewReader(file))
		require.NoError(t, err)
		for name, w := range c.Weights() {
			require.True(t, finite(w) || !finite(from[name]), name)
		}
	case err != nil:
		require.ErrorContains(t, err, "Resume")
		require.Equal(t, before, saved(t, c))
	}
}
