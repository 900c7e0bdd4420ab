package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// sequences returns a model of sequences of any length, whose outputs have the same length.
func sequences(t testing.TB) *graph.Model {
	m, err := graph.Compile(layers.Sequential{layers.MultiHeadAttention{}, layers.Dense{Units: 3}}, graph.Config{Input: []int{graph.Any, 2}, Seed: 1})
	require.NoError(t, err)
	return m
}

// TestAnySize checks that concurrent clients with samples of different sizes get the bits of Predict.
func TestAnySize(t *testing.T) {
	m := sequences(t)
	url := started(t, m, limitsOfTests)
	code, text := get(t, url+"/")
	require.Equal(t, "200 {\"input\":[-1,2],\"max_samples\":1000,\"output\":[-1,3]}\n", fmt.Sprint(code, " ", text))
	var wg sync.WaitGroup
	for c := range 6 {
		wg.Go(func() {
			for n := range 8 {
				rows, time := 1+(c+n)%3, 1+(2*c+n)%5
				data := make([][][]float32, rows)
				var flat []float32
				for i := range data {
					for k := range time {
						data[i] = append(data[i], []float32{float32(math.Sin(float64(i + c + k))), float32(n)})
						flat = append(flat, data[i][k]...)
					}
				}
				want, err := m.Predict(context.Background(), tensor.New(tensor.WithShape(rows, time, 2), tensor.WithBacking(flat)))
				if err != nil {
					t.Error(err)
					return
				}
				body, err := json.Marshal(map[string]any{"inputs": data})
				if err != nil {
					t.Error(err)
					return
				}
				r, err := client.Post(url+"/predict", "application/json", bytes.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				var got struct{ Outputs [][][]float32 }
				err = json.NewDecoder(r.Body).Decode(&got)
				r.Body.Close()
				if flat := slices.Concat(slices.Concat(got.Outputs...)...); err != nil || len(got.Outputs) != rows || !slices.EqualFunc(flat, want.Float32s(), sameBits) {
					t.Errorf("%v: got %v, want %v", err, got.Outputs, want)
				}
			}
		})
	}
	wg.Wait()
}

// TestAnySizeErrors checks requests of wrong sizes, and the limit of the size.
func TestAnySizeErrors(t *testing.T) {
	limits := limitsOfTests
	limits.MaxSize = 4
	url := started(t, sequences(t), limits)
	shaped := func(n ...int) []byte { return npy(t, tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(n...))) }
	for _, c := range []struct{ body, want string }{
		{`{"inputs":[[[1,2]],[[3,4]]]}`, "200 "},
		{`{"inputs":[[[1,2],[1,2]],[[3,4]]]}`, `400 {"error":"sample 1, byte 31: got \"]]}\", want 2 elements, not the array's end after 1"}`},
		{`{"inputs":[[[1,2]],[[3,4],[5,6]]]}`, `want the end of an array of 1 elements"}`},
		{`{"inputs":[[]]}`, `400 {"error":"byte 11: got \"[]]}\", want 1 elements, not the array's end after 0"}`},
		{`{"inputs":[[1,2]]}`, `want an array of 2 elements, as in the model's input"}`},
		{`{"inputs":[1]}`, `400 {"error":"byte 11: got \"1]}\", want an array"}`},
		{`{"inputs":[[[1,2],[1,2],[1,2],[1,2],[1,2]]]}`, `413 {"error":"inputs: got samples of shape [5 2], want at most 4 in dimension 0"}`},
		{string(shaped(2, 3, 2)), "200 "},
		{string(shaped(2, 5, 2)), `413 {"error":"inputs: got samples of shape [5 2], want at most 4 in dimension 0"}`},
		{string(shaped(2, 3, 3)), `400 {"error":"inputs: got an array of shape [2 3 3], want one or more samples of shape [-1 2]"}`},
	} {
		t.Run(c.want, func(t *testing.T) {
			kind := "application/json"
			if c.body[0] != '{' {
				kind = "application/x-npy"
			}
			r, err := client.Post(url+"/predict", kind, bytes.NewReader([]byte(c.body)))
			require.NoError(t, err)
			code, text := read(t, r)
			require.Contains(t, fmt.Sprint(code, " ", text), c.want)
		})
	}
	m, err := graph.Compile(layers.Sequential{layers.Conv1D{Filters: 1, Kernel: 3}, layers.GlobalMaxPool{}}, graph.Config{Input: []int{1, graph.Any}})
	require.NoError(t, err)
	url = started(t, m, limitsOfTests)
	code, text := ask(t, url, `{"inputs":[[[1,2]]]}`)
	require.Equal(t, 400, code)
	require.Contains(t, text, "conv1d1: got shape [2 1 2], want at least 3 elements in dimension 2")
	code, _ = ask(t, url, `{"inputs":[[[1,2,3,4]]]}`)
	require.Equal(t, 200, code)
}

// An echo returns its input, and sends its shape.
type echo struct{ shapes chan []int }

func (e *echo) Input() []int  { return []int{graph.Any} }
func (e *echo) Output() []int { return []int{graph.Any} }
func (e *echo) Predict(_ context.Context, x *tensor.Dense) (*tensor.Dense, error) {
	if e.shapes != nil {
		e.shapes <- slices.Clone(x.Shape())
		e.shapes <- nil // when the test takes it, the prediction ends
	}
	return x.Clone().(*tensor.Dense), nil
}

// TestGatherSizes checks that only waiting tasks of one size are predicted together.
func TestGatherSizes(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // one slot
	e := &echo{}
	g := newGatherer[float32](e, 8, func(int) {})
	require.Equal(t, 8, g.most)
	e.shapes = make(chan []int)
	var tasks []*task[float32]
	var ends []chan error
	for i, shape := range [][]int{{2, 3}, {1, 2}, {1, 3}, {2, 2}, {1, 2}} {
		x, done := enqueueShaped(t, g, shape[0], shape[1:], float32(i))
		tasks, ends = append(tasks, x), append(ends, done)
		if i == 0 {
			require.Equal(t, []int{2, 3}, <-e.shapes)
		}
	}
	<-e.shapes
	require.Equal(t, []int{4, 2}, <-e.shapes)
	<-e.shapes
	require.Equal(t, []int{1, 3}, <-e.shapes)
	<-e.shapes
	for i, done := range ends {
		require.NoError(t, <-done)
		require.Equal(t, tasks[i].input, tasks[i].output)
		require.Equal(t, tasks[i].shape, tasks[i].out)
	}
}

func enqueueShaped(t *testing.T, g *gatherer[float32], rows int, shape []int, v float32) (*task[float32], chan error) {
	return enqueueTask(t, g, context.Background(), &task[float32]{
		turn: make(chan turn, 1), rows: rows, shape: shape, input: slices.Repeat([]float32{v}, rows*size(shape)),
	})
}
