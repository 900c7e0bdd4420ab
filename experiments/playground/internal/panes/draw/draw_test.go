package draw

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/playground/internal/ink/inktest"
	"github.com/nndiy/nndiy/experiments/playground/internal/nets"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/panestest"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
	"github.com/nndiy/nndiy/graph"
)

// loaded returns a pane that has its files.
func loaded(t testing.TB) *Pane {
	t.Helper()
	p := New()
	panestest.Load(t, p, map[string]string{"digits": "digits.gz", "weights": "classifier.safetensors"})
	return p
}

// The network that was trained before reads what was drawn: several drawings of each digit.
func TestReads(t *testing.T) {
	p := loaded(t)
	for digit, drawings := range inktest.Digits() {
		for i, strokes := range drawings {
			r := panestest.Ask(t, p, "read", map[string]any{"strokes": strokes, "saliency": true})
			a := r.Value.(Answer)
			assert.Equal(t, digit, a.Class, "drawing %d of %d: got probabilities %.2f", i, digit, a.Probabilities)
			assert.Len(t, a.Probabilities, 10)
			most := float32(0)
			for _, v := range r.Arrays["saliency"] {
				require.True(t, v >= 0 && v <= 1, "got saliency %v", v)
				most = max(most, v)
			}
			assert.Equal(t, float32(1), most, "the saliency is scaled")
		}
	}
	r := panestest.Ask(t, p, "read", map[string]any{"strokes": []int{}})
	assert.Equal(t, -1, r.Value.(Answer).Class, "nothing was drawn")
}

// It reads nearly all test images, on which it was not trained.
func TestAccuracy(t *testing.T) {
	p := loaded(t)
	right := 0
	const images = 300
	for i := range images {
		a := panestest.Ask(t, p, "test", map[string]any{"index": i}).Value.(Answer)
		if a.Class == a.Label {
			right++
		}
	}
	assert.GreaterOrEqual(t, right, images*97/100)
}

// Saliency is the absolute value of a derivative: central differences of the largest output agree. The image has a little noise,
// since pooling has no derivative where neighbours are equal.
func TestSaliency(t *testing.T) {
	p := loaded(t)
	rng := rand.New(rand.NewPCG(1, 1))
	image := make([]float32, 784)
	for i, v := range p.set.Test.Pixels[3*784:][:784] {
		image[i] = float32(v)/255 + 0.05*rng.Float32()
	}
	r, err := p.read(image, arguments{Saliency: true})
	require.NoError(t, err)
	class := r.Value.(Answer).Class
	logits, err := graph.Compile(graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		y, _ := nets.Conv().Emit(s, x).Logits()
		return y
	}), graph.Config{Input: []int{784}, DType: tensor.Float64})
	require.NoError(t, err)
	require.NoError(t, logits.LoadFile(panestest.Data+"classifier.safetensors"))
	at := func(pixel int, by float64) float64 {
		x := make([]float64, len(image))
		for i, v := range image {
			x[i] = float64(v)
		}
		x[pixel] += by
		y, err := logits.Predict(t.Context(), tensor.New(tensor.WithShape(1, len(x)), tensor.WithBacking(x)))
		require.NoError(t, err)
		return y.Float64s()[class]
	}
	derivative, err := trainer.Predict(p.ready.saliency, 1, image)
	require.NoError(t, err)
	checked := 0
	for i, v := range r.Arrays["saliency"] {
		if v < 0.3 {
			continue
		}
		checked++
		const h = 1e-6
		assert.InEpsilon(t, derivative[i], math.Abs(at(i, h)-at(i, -h))/(2*h), 1e-3, "pixel %d", i)
	}
	assert.Greater(t, checked, 10)
}

// Training in the page improves the accuracy, and shows other filters.
func TestTraining(t *testing.T) {
	for _, c := range []struct {
		network string
		steps   int
		count   int
		side    int
	}{{"dense", 150, 32, 28}, {"conv", 60, 8, 5}} {
		t.Run(c.network, func(t *testing.T) {
			p := loaded(t)
			before := panestest.Ask(t, p, "set", map[string]any{"network": c.network, "seed": 3})
			panestest.Ask(t, p, "run", map[string]any{"on": true})
			for p.Train.Steps < c.steps {
				more, err := p.Step(time.Now().Add(20 * time.Millisecond))
				require.NoError(t, err)
				require.True(t, more)
			}
			panestest.Ask(t, p, "run", map[string]any{"on": false})
			for more := true; more; { // the accuracy is measured to its end
				var err error
				more, err = p.Step(time.Now().Add(20 * time.Millisecond))
				require.NoError(t, err)
			}
			after := panestest.Ask(t, p, "state", nil)
			s := after.Value.(State)
			assert.Equal(t, 1000, s.Judged)
			assert.True(t, s.Measured)
			assert.Greater(t, s.Score, 0.75)
			assert.Less(t, s.Loss, 1.2)
			assert.Equal(t, [2]int{c.count, c.side}, [2]int{s.Count, s.Side})
			assert.Len(t, after.Arrays["filters"], c.count*c.side*c.side)
			assert.NotEqual(t, before.Arrays["filters"], after.Arrays["filters"])
			assert.NotEqual(t, before.Value.(State).Hash, s.Hash)
		})
	}
}

// Training keeps no memory: after a thousand steps more, the heap is as large as before.
func TestMemory(t *testing.T) {
	p := loaded(t)
	panestest.Ask(t, p, "set", map[string]any{"network": "dense"})
	heap := func(steps int) int64 {
		for range steps / 100 {
			panestest.Ask(t, p, "step", map[string]any{"count": 100})
		}
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap(300) // passes over the data, which begin and end, are within these steps
	after := heap(1000)
	assert.Less(t, after-before, int64(1<<20))
}

// The same seed gives the same weights, whether training runs in slices or step by step.
func TestSeed(t *testing.T) {
	hash := func(seed, steps int) string {
		p := loaded(t)
		panestest.Ask(t, p, "set", map[string]any{"network": "dense", "seed": seed})
		for range steps {
			panestest.Ask(t, p, "step", map[string]any{"count": 5})
		}
		return panestest.Ask(t, p, "state", nil).Value.(State).Hash
	}
	assert.Equal(t, hash(1, 2), hash(1, 2))
	assert.NotEqual(t, hash(1, 2), hash(2, 2))
}

func TestErrors(t *testing.T) {
	_, err := New().Handle("state", nil)
	assert.EqualError(t, err, `draw: got the message "state" before load`)
	_, err = New().Handle("load", json.RawMessage(`{"digits": "AAAA"}`))
	assert.ErrorContains(t, err, "draw: load: digits: Read: ")
	p := loaded(t)
	for _, c := range []struct{ op, args, want string }{
		{"dance", "", `draw: dance: got the message "dance"`},
		{"set", `{"network": "deep"}`, `draw: set: network: got "deep", want dense or conv`},
		{"set", `{"rate": 0}`, "draw: set: rate: got 0, want more than 0 and at most 1"},
		{"set", `{"batch": 513}`, "draw: set: batch: got 513, want 1 to 512"},
		{"step", `{"count": 0}`, "draw: step: count: got 0, want 1 to 10000"},
		{"test", `{"index": 1000}`, "draw: test: index: got 1000, want 0 to 999"},
		{"read", `{"strokes": 3}`, `draw: read: got arguments {"strokes": 3}`},
	} {
		t.Run(c.want, func(t *testing.T) {
			_, err := p.Handle(c.op, json.RawMessage(c.args))
			assert.ErrorContains(t, err, c.want)
		})
	}
	assert.Equal(t, "conv", p.Settings.Network, "a wrong setting changes nothing")
}
