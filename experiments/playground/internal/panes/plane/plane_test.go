package plane

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/playground/internal/code/codetest"
	"github.com/nndiy/nndiy/graph"
)

// ask sends the pane a message.
func ask(t *testing.T, p *Pane, op, args string) map[string]any {
	t.Helper()
	reply, err := p.Handle(op, json.RawMessage(args))
	require.NoError(t, err)
	m, _ := reply.Value.(map[string]any)
	return m
}

// trained runs the pane to its last epoch.
func trained(t *testing.T, settings string) *Pane {
	t.Helper()
	p := New()
	ask(t, p, "set", settings)
	ask(t, p, "run", `{"on": true}`)
	for {
		running, err := p.Step(time.Now().Add(time.Second))
		require.NoError(t, err)
		if !running {
			return p
		}
	}
}

// TestLearns: the network learns every set.
func TestLearns(t *testing.T) {
	for name, least := range map[string]float64{"moons": 0.98, "circles": 0.98, "xor": 0.95, "gaussians": 0.95, "spiral": 0.9} {
		t.Run(name, func(t *testing.T) {
			epochs, batch := 30, 10
			if name == "spiral" {
				epochs, batch = 300, 10
			}
			p := trained(t, fmt.Sprintf(`{"data": %q, "noise": 0.02, "epochs": %d, "batch": %d, "rate": 0.02}`, name, epochs, batch))
			f := ask(t, p, "frame", "")["racers"].([]racerFrame)[0]
			require.Equal(t, epochs, f.Epoch)
			require.Equal(t, 300/batch*epochs, f.Step)
			require.GreaterOrEqual(t, f.Accuracy, least)
			require.Less(t, f.Valid, float32(0.4))
		})
	}
}

// TestSameSeed: the same seed gives the same weights, whatever the slices of
// time and the rival are, and another seed gives others.
func TestSameSeed(t *testing.T) {
	hash := func(settings string) string {
		p := trained(t, settings)
		return ask(t, p, "frame", "")["racers"].([]racerFrame)[0].Hash
	}
	want := hash(`{"epochs": 3}`)
	require.Equal(t, want, hash(`{"epochs": 3, "rival": "SGD"}`))
	require.NotEqual(t, want, hash(`{"epochs": 3, "seed": 2}`))
	p := New()
	ask(t, p, "set", `{}`)
	for range 3 {
		ask(t, p, "step", "")
		ask(t, p, "frame", "") // looking changes nothing
		ask(t, p, "step", `{"epoch": true}`)
	}
	require.Equal(t, want, ask(t, p, "frame", "")["racers"].([]racerFrame)[0].Hash)
}

// TestRace: two optimizers begin with the same weights, and take the same number of steps.
func TestRace(t *testing.T) {
	p := New()
	ask(t, p, "set", `{"optimizer": "SGD", "rate": 0.1, "rival": "Adam", "rivalRate": 0.01}`)
	f := ask(t, p, "frame", "")["racers"].([]racerFrame)
	require.Equal(t, f[0].Hash, f[1].Hash)
	ask(t, p, "step", `{"epoch": true}`)
	f = ask(t, p, "frame", "")["racers"].([]racerFrame)
	require.NotEqual(t, f[0].Hash, f[1].Hash)
	require.Equal(t, f[0].Step, f[1].Step)
	require.Equal(t, 1, f[1].Epoch)
}

// TestFrame: the arrays have the sizes that the page expects, and the maps are the neurons' outputs.
func TestFrame(t *testing.T) {
	p := New()
	ask(t, p, "set", `{"layers": [3, 5], "activation": "linear"}`)
	reply, err := p.Handle("frame", nil)
	require.NoError(t, err)
	sizes := map[string]int{}
	for name, a := range reply.Arrays {
		sizes[name] = len(a)
	}
	require.Equal(t, map[string]int{
		"a/decision": side * side, "a/maps0": 3 * mapSide * mapSide, "a/maps1": 5 * mapSide * mapSide, "a/histogram": binCount,
		"a/weights0": 6, "a/weights1": 15, "a/weights2": 10, "a/train": 1, "a/valid": 1,
	}, sizes)
	w, x := reply.Arrays["a/weights0"], p.maps.Float32s()
	for i := range mapSide * mapSide {
		require.InDelta(t, x[2*i]*w[1]+x[2*i+1]*w[4], reply.Arrays["a/maps0"][mapSide*mapSide+i], 1e-5)
	}
	total := float32(0)
	for _, n := range reply.Arrays["a/histogram"] {
		total += n
	}
	require.Equal(t, float32(31), total)
}

// TestOwnPoints: points of the user's own are data, every fifth one for validation; without any, training is an error.
func TestOwnPoints(t *testing.T) {
	p := New()
	ask(t, p, "set", `{"data": "own"}`)
	_, err := p.Handle("step", nil)
	require.ErrorContains(t, err, "got no points")
	ask(t, p, "run", `{"on": true}`)
	running, err := p.Step(time.Now().Add(time.Millisecond))
	require.NoError(t, err)
	require.False(t, running)
	ask(t, p, "set", `{"data": "own", "own": [[0, 0, 0], [1, 1, 1], [0, 0.1, 0], [1, 0.9, 1], [0.5, 0.5, 1], [0.2, 0, 0]]}`)
	require.Len(t, p.train, 5)
	require.Equal(t, [][3]float64{{0.5, 0.5, 1}}, p.valid)
	ask(t, p, "step", `{"epoch": true}`)
	require.Equal(t, 1, ask(t, p, "frame", "")["racers"].([]racerFrame)[0].Epoch)
}

// TestCurves: the curves of a long run stay short, and keep the first epoch.
func TestCurves(t *testing.T) {
	var c curves
	for i := range 10000 {
		c.add(float64(i), validation{})
	}
	require.LessOrEqual(t, len(c.train), mostEpochs)
	require.GreaterOrEqual(t, len(c.train), mostEpochs/2)
	require.Equal(t, float32(0), c.train[0])
	for i := range c.train {
		require.Equal(t, c.train[1]*float32(i), c.train[i], "equal distances")
	}
}

// TestErrors: settings out of range change nothing.
func TestErrors(t *testing.T) {
	p := New()
	ask(t, p, "set", `{"seed": 5}`)
	for settings, want := range map[string]string{
		`{"data": "stars"}`:         `data: got "stars", want one of circles, gaussians, moons, spiral, xor, own`,
		`{"noise": 2}`:              "noise: got 2, want 0 to 0.5",
		`{"layers": [0]}`:           "units: got 0, want 1 to 16",
		`{"layers": [1,1,1,1,1,1]}`: "number of hidden layers: got 6, want 0 to 5",
		`{"activation": "step"}`:    "activation",
		`{"optimizer": "best"}`:     "optimizer",
		`{"rival": "best"}`:         "rival",
		`{"batch": 0}`:              "batch: got 0",
		`{"epochs": 0}`:             "epochs: got 0",
		`{"own": [[0, 0, 2]]}`:      "class of a point: got 2, want 0 or 1",
		`{"own": [[11, 0, 1]]}`:     "x of a point: got 11",
		`{"regularization": "L3"}`:  "regularization",
		`{"layers": "many"}`:        "got arguments",
	} {
		t.Run(settings, func(t *testing.T) {
			_, err := p.Handle("set", json.RawMessage(settings))
			require.ErrorContains(t, err, want)
			require.Equal(t, uint64(5), p.settings.Seed)
		})
	}
	_, err := p.Handle("dance", nil)
	require.ErrorContains(t, err, `got the message "dance"`)
}

// TestDiverges: a run that diverges ends with an error, and the pane can begin anew.
func TestDiverges(t *testing.T) {
	p := New()
	ask(t, p, "set", `{"optimizer": "SGD", "rate": 100, "activation": "linear", "layers": [16, 16, 16, 16], "epochs": 1000}`)
	ask(t, p, "run", `{"on": true}`)
	_, err := p.Step(time.Now().Add(5 * time.Second))
	require.ErrorIs(t, err, graph.ErrDiverged)
	running, err := p.Step(time.Now().Add(time.Second))
	require.NoError(t, err)
	require.False(t, running)
	ask(t, p, "set", `{}`)
	ask(t, p, "step", "")
}

// TestCode compiles what the pane shows, for every choice.
func TestCode(t *testing.T) {
	var programs []string
	with := func(f func(*Settings)) {
		s := defaults()
		f(&s)
		programs = append(programs, s.Code())
	}
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		with(func(s *Settings) { s.Data = name })
	}
	for i, name := range slices.Sorted(maps.Keys(optimizers)) {
		with(func(s *Settings) {
			s.Optimizer, s.Activation = name, slices.Sorted(maps.Keys(activations))[i%len(activations)]
			s.Regularization = []string{"none", "L1", "L2"}[i%3]
		})
	}
	with(func(s *Settings) { s.Layers = nil })
	with(func(s *Settings) { s.Data, s.Own = own, [][3]float64{{0.5, 0.25, 1}, {-1, 0, 0}} })
	codetest.Check(t, programs...)
}
