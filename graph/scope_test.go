package graph

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A picky layer never has valid settings.
type picky struct{}

func (picky) Emit(_ *Scope, x Node) Node { return x }
func (picky) Validate() error            { return errors.New("Units: got 0, want 1 or more") }

// TestLayersAreValidated checks that Compile and NewFunction validate every layer at any depth, and that the error names its
// path.
func TestLayersAreValidated(t *testing.T) {
	inside := LayerFunc(func(s *Scope, x Node) Node {
		return s.ApplyAs("block", LayerFunc(func(s *Scope, x Node) Node { return s.Apply(picky{}, x) }), x)
	})
	for want, net := range map[string]Layer{
		"graph: picky: Units: got 0, want 1 or more":        picky{},
		"graph: block/picky1: Units: got 0, want 1 or more": inside,
	} {
		t.Run(want, func(t *testing.T) {
			_, err := Compile(net, Config{Input: []int{2}})
			require.EqualError(t, err, want)
		})
	}
	_, err := NewFunction(func(s *Scope, x ...Node) []Node { return []Node{s.Apply(picky{}, x[0])} }, []int{2})
	require.EqualError(t, err, "graph: picky1: Units: got 0, want 1 or more")
}

// A modeLayer multiplies by 2 in training.
type modeLayer struct{}

func (modeLayer) Emit(s *Scope, x Node) Node {
	return s.Apply(LayerFunc(func(s *Scope, x Node) Node {
		if s.Training() {
			return x.Scale(2)
		}
		return x.Scale(1)
	}), x)
}

// TestTrainingMode checks that TrainingMode sets the mode of the scope it returns and of the layers applied in it, and of no
// other scope.
func TestTrainingMode(t *testing.T) {
	for _, training := range []bool{false, true} {
		t.Run(fmt.Sprint("graph for training ", training), func(t *testing.T) {
			b := newBuilder(newStore(NewParams(0), tensor.Float64), training)
			s, x := b.scope(), b.input("x", []int{2})
			scale := func(y Node) float64 {
				if o := ops.Of(y.n); o != nil {
					return o.Def.(ops.Map).A
				}
				return 1
			}
			unchanged := map[bool]float64{false: 1, true: 2}[training]
			on, off := s.TrainingMode(true), s.TrainingMode(false)
			require.Equal(t, 2.0, scale(on.Apply(modeLayer{}, x)))
			require.Equal(t, unchanged, scale(s.Apply(modeLayer{}, x)))
			require.Equal(t, 1.0, scale(off.Apply(modeLayer{}, x)))
			require.Equal(t, 2.0, scale(off.TrainingMode(true).Apply(modeLayer{}, x)))
			require.Equal(t, training, s.Training())
			require.True(t, on.Training())
			require.Equal(t, training, b.training)
		})
	}
}

// TestPlaces checks that a node belongs to the layer that added it, whichever method added it.
func TestPlaces(t *testing.T) {
	ways := map[string]func(s *Scope, x Node) Node{
		"operation": func(_ *Scope, x Node) Node { return x.Tanh() },
		"product":   func(_ *Scope, x Node) Node { return x.MatMul(x.Transpose()) },
		"constant":  func(s *Scope, _ Node) Node { return s.Constant(tensors.New(tensor.Float64, []int{2})) },
		"table":     func(s *Scope, _ Node) Node { return s.Table(func(int) float64 { return 3 }, 2) },
		"scalar":    func(s *Scope, _ Node) Node { return s.Scalar(7) },
		"noise":     func(s *Scope, _ Node) Node { return s.Noise(Noise{}, 2) },
		"gradient":  func(_ *Scope, x Node) Node { return Grad(x.Exp().Sum(), x)[0] },
		"logits":    func(_ *Scope, x Node) Node { z, _ := x.Sigmoid().Reshape(-1).Logits(); return z.Neg() },
		"concat":    func(_ *Scope, x Node) Node { return Concat(0, x, x) },
		"normalize": func(_ *Scope, x Node) Node { m, v := x.Moments(1); return x.Normalize(m, v, 1, Node{}, Node{}) },
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			var y Node
			_, err := NewFunction(func(s *Scope, x ...Node) []Node {
				s.ApplyAs("before", LayerFunc(func(_ *Scope, x Node) Node { return x.Square() }), x[0])
				y = s.ApplyAs("here", LayerFunc(way), x[0])
				s.ApplyAs("after", LayerFunc(func(_ *Scope, x Node) Node { return x.Sin() }), x[0])
				return []Node{y}
			}, []int{2, 3})
			require.NoError(t, err)
			for _, n := range ops.Needed(y.n) {
				if o := ops.Of(n); o != nil {
					require.Equal(t, "here", o.Where, o.Def)
				}
			}
		})
	}
}

// TestAllowedFiles checks that only the builder adds nodes to its graph, only params_shared.go uses the lock of parameters, and
// only node_gorgonia.go imports gorgonia.
func TestAllowedFiles(t *testing.T) {
	allowedFiles := map[string][]string{
		".g.Apply(": {"builder.go", "node.go"}, ".g.Input(": {"builder.go"}, "lock.Lock()": {lockFile}, "lock.RLock()": {lockFile},
		`"gorgonia.org/gorgonia"`: {"node_gorgonia.go"},
	}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for what, allowed := range allowedFiles {
			if strings.Contains(string(text), what) {
				require.Contains(t, allowed, file, what)
			}
		}
	}
}

const lockFile = "params_shared.go"
