package graph_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// play does steps of both models of a GAN.
func play(t *testing.T, critic, both *graph.Model, steps int) {
	t.Helper()
	for i := range steps {
		_, err := critic.Step(context.Background(), graph.Batch{X: random(uint64(i), 6, 4), Y: ones(6, 1)})
		require.NoError(t, err)
		if i%2 == 0 {
			_, err = both.Step(context.Background(), graph.Batch{X: random(uint64(i), 6, 3), Y: ones(6, 1)})
			require.NoError(t, err)
		}
	}
}

// TestParamsFile: one file holds all models over the Params, which train on with the same bits.
func TestParamsFile(t *testing.T) {
	for name, rule := range map[string]graph.Optimizer{"Adam": optimizers.Adam{LearningRate: 0.05},
		"averages": optimizers.EMA{Optimizer: optimizers.Adam{LearningRate: 0.05}, Decay: 0.5}} {
		t.Run(name, func(t *testing.T) {
			params, critic, both := adversaries(t, false, rule)
			require.NoError(t, both.Freeze("generator/dense2"))
			path := filepath.Join(t.TempDir(), "set")
			require.NoError(t, params.SaveFile(path))
			untrained, err := os.ReadFile(path)
			require.NoError(t, err)
			play(t, critic, both, 5)
			require.NoError(t, params.SaveFile(path))
			first, err := os.ReadFile(path)
			require.NoError(t, err)
			play(t, critic, both, 3)
			want := params.Weights()

			others, critic2, both2 := adversaries(t, false, rule)
			require.NoError(t, others.LoadFile(path))
			var again bytes.Buffer
			require.NoError(t, others.Save(&again))
			require.Equal(t, first, again.Bytes(), "a loaded set saves the same bytes")
			play(t, critic2, both2, 3)
			require.Equal(t, want, others.Weights())

			require.NoError(t, params.Load(bytes.NewReader(untrained)))
			play(t, critic, both, 5)
			again.Reset()
			require.NoError(t, params.Save(&again))
			require.Equal(t, first, again.Bytes(), "the file of a set that was not trained resets everything")

			w, err := graph.ReadWeights(bytes.NewReader(first))
			require.NoError(t, err)
			require.Equal(t, params.Weights(), w)
		})
	}
}

// TestParamsFileErrors: an error names what differs and changes nothing.
func TestParamsFileErrors(t *testing.T) {
	params, critic, both := adversaries(t, false, optimizers.Adam{})
	play(t, critic, both, 2)
	var file, weights, part bytes.Buffer
	require.NoError(t, params.Save(&file))
	require.NoError(t, graph.WriteWeights(&weights, params.Weights(), nil))
	require.NoError(t, graph.WriteWeights(&part, critic.Weights(), nil))
	reader := func(b *bytes.Buffer) *bytes.Reader { return bytes.NewReader(b.Bytes()) }
	require.NoError(t, params.Load(reader(&weights)))

	empty := graph.NewParams(3)
	require.ErrorContains(t, empty.Load(reader(&file)), "graph: Params.Load: ")
	alone := graph.NewParams(3)
	_, err := graph.Compile(sharedBoth, graph.Config{Input: []int{3}, Loss: losses.BinaryCrossEntropy{}, Optimizer: optimizers.Adam{}, Params: alone})
	require.NoError(t, err)
	swapped, _, _ := adversaries(t, true, optimizers.Adam{})
	other, _, _ := adversaries(t, false, optimizers.SGD{Momentum: 0.9})
	for name, c := range map[string]struct {
		params *graph.Params
		file   *bytes.Buffer
		want   string
	}{
		"models":    {alone, &file, "got a file of 2 models with an optimizer over the same Params, want 1"},
		"order":     {swapped, &file, "graph: Params.Load: "},
		"optimizer": {other, &weights, ""},
		"part":      {params, &part, `graph: Params.Load: got no "generator/`},
	} {
		t.Run(name, func(t *testing.T) {
			before := c.params.Weights()
			err := c.params.Load(reader(c.file))
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
			require.Equal(t, before, c.params.Weights())
		})
	}
	require.ErrorContains(t, params.LoadFile("none"), "graph: Params.LoadFile: open none")
	_, err = graph.ReadModel(reader(&file))
	require.ErrorContains(t, err, "got a file of weights without a network")
}

// TestParamsFileFails: after a Load that fails, the models compute and train on as before, also if the file is from before or in the
// middle of training, when the weights are no averages.
func TestParamsFileFails(t *testing.T) {
	rule := optimizers.EMA{Optimizer: optimizers.Adam{LearningRate: 0.05}, Decay: 0.5}
	more := func() (*graph.Params, *graph.Model, *graph.Model) { // a network more, without an optimizer
		params, critic, both := adversaries(t, false, rule)
		_, err := graph.Compile(layers.Sequential{layers.Named("more", layers.Dense{Units: 1})}, graph.Config{Input: []int{3}, Params: params})
		require.NoError(t, err)
		return params, critic, both
	}
	untrained, within := new(bytes.Buffer), new(bytes.Buffer)
	params, critic, both := more()
	require.NoError(t, params.Save(untrained))
	play(t, critic, both, 2)
	_, err := critic.Fit(context.Background(), graph.Arrays{X: random(1, 6, 4), Y: ones(6, 1)}, graph.FitConfig{Callbacks: []graph.Callback{
		graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
			if e == graph.StepEnd {
				return params.Save(within)
			}
			return nil
		})}})
	require.NoError(t, err)

	// A file of version 1, which has no checksum, with a tensor without a name.
	const header = `{"__metadata__":{"format":"nndiy","version":"1"},"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`
	nameless := bytes.NewBuffer(binary.LittleEndian.AppendUint64(nil, uint64(len(header))))
	nameless.WriteString(header + "\x00\x00\x00\x00")

	for name, c := range map[string]struct {
		file *bytes.Buffer
		want string
	}{
		"untrained": {untrained, `got "more/bias", "more/weight", want no parameter of that name`},
		"within":    {within, `got "more/bias", "more/weight", want no parameter of that name`},
		"nameless":  {nameless, `got "", want no parameter of that name`},
	} {
		t.Run(name, func(t *testing.T) {
			params, critic, both := adversaries(t, false, rule)
			_, critic2, both2 := adversaries(t, false, rule)
			play(t, critic, both, 3)
			play(t, critic2, both2, 3)
			before := params.Weights()
			require.ErrorContains(t, params.Load(c.file), c.want)
			require.Equal(t, before, params.Weights())
			play(t, critic, both, 2)
			play(t, critic2, both2, 2)
			require.Equal(t, both2.Weights(), both.Weights())
		})
	}
}

// TestResumeSet: a checkpoint of a run has all models over its Params, also those that callbacks train.
func TestResumeSet(t *testing.T) {
	for name, rule := range map[string]graph.Optimizer{"Adam": optimizers.Adam{LearningRate: 0.05},
		"averages": optimizers.EMA{Optimizer: optimizers.Adam{LearningRate: 0.05}, Decay: 0.5}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			fit := func(resume string, save bool) (graph.Weights, graph.History) {
				params, critic, both := adversaries(t, false, rule)
				h, err := critic.Fit(context.Background(), graph.Arrays{X: random(1, 20, 4), Y: ones(20, 1)}, graph.FitConfig{
					Epochs: 3, BatchSize: 8, Resume: resume,
					Callbacks: []graph.Callback{graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
						if e != graph.StepEnd {
							return nil
						}
						if r.Step%2 == 1 {
							_, err := both.Step(context.Background(), graph.Batch{X: random(uint64(r.Total), 6, 3), Y: ones(6, 1)})
							require.NoError(t, err)
						}
						if save {
							r.After(func() error { return r.SaveFile(filepath.Join(dir, string(rune('a'+r.Total)))) })
						}
						return nil
					})}})
				require.NoError(t, err)
				return params.Weights(), h
			}
			want, history := fit("", true)
			for _, file := range files(t, dir) {
				got, h := fit(filepath.Join(dir, file), false)
				require.Equal(t, want, got, file)
				require.Equal(t, history, h)
			}
			path := filepath.Join(dir, files(t, dir)[0])
			_, err := graph.Open(path)
			require.Error(t, err, "the network is a function")
			critic, err := graph.Compile(criticOnly, graph.Config{Input: []int{4}, Loss: losses.BinaryCrossEntropy{}, Optimizer: rule, Train: []string{"critic/*"}})
			require.NoError(t, err)
			_, err = critic.Fit(context.Background(), graph.Arrays{X: random(1, 20, 4), Y: ones(20, 1)}, graph.FitConfig{Epochs: 3, BatchSize: 8, Resume: path})
			require.ErrorContains(t, err, "graph: Fit: Resume: ")
		})
	}
}

// TestOpenOfSet: a checkpoint of one of several models opens as that model alone.
func TestOpenOfSet(t *testing.T) {
	params := graph.NewParams(1)
	compile := func(train string) *graph.Model {
		net := layers.Sequential{layers.Named("generator", sharedGenerator), layers.Named("critic", sharedCritic)}
		m, err := graph.Compile(net, graph.Config{Input: []int{3}, Loss: losses.BinaryCrossEntropy{}, Optimizer: optimizers.Adam{}, Params: params, Train: []string{train}})
		require.NoError(t, err)
		return m
	}
	one, other := compile("generator"), compile("critic")
	_, err := graph.Compile(layers.Sequential{layers.Named("more", layers.Dense{Units: 2})}, graph.Config{Input: []int{3}, Params: params})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "x")
	data := graph.Arrays{X: random(1, 8, 3), Y: ones(8, 1)}
	_, err = other.Fit(context.Background(), data, graph.FitConfig{})
	require.NoError(t, err)
	_, err = one.Fit(context.Background(), data, graph.FitConfig{Callbacks: []graph.Callback{graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e == graph.EpochEnd {
			r.After(func() error { return r.SaveFile(path) })
		}
		return nil
	})}})
	require.NoError(t, err)
	m, err := graph.Open(path)
	require.NoError(t, err)
	require.Equal(t, one.Weights(), m.Weights())
	_, err = m.Step(context.Background(), graph.Batch{X: data.X, Y: data.Y})
	require.NoError(t, err)
	_, err = one.Step(context.Background(), graph.Batch{X: data.X, Y: data.Y})
	require.NoError(t, err)
	require.Equal(t, one.Weights(), m.Weights())
}
