package eval

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// checkRun runs a model within small limits, and fails the test if it changes an input, returns elements that do not fit the shape, or
// has a fault, which is an error that no operator reports. It returns the error of the run.
func checkRun(t *testing.T, m *proto.Model, inputs map[string]*Tensor) error {
	t.Helper()
	p, err := Compile(m, 100)
	if err != nil {
		return err
	}
	before := map[string]string{}
	for k, v := range inputs {
		before[k] = fmt.Sprint(v.Shape, v.Elements())
	}
	out, err := p.Run(context.Background(), inputs, []string{p.Outputs()[0].Name}, small, 1)
	for k, v := range inputs {
		if after := fmt.Sprint(v.Shape, v.Elements()); after != before[k] {
			t.Errorf("input %s: got %.200s after the run, want %.200s", k, after, before[k])
		}
	}
	var fault runtime.Error
	if errors.As(err, &fault) {
		for k, v := range before {
			before[k] = fmt.Sprintf("%.100s", v)
		}
		t.Errorf("%v: inputs %v: %.1000s", err, before, fmt.Sprintf("%+v", m.Graph.Nodes))
	}
	if err == nil && out[0].Size() != sizeOf(out[0].Shape) {
		t.Errorf("got %d elements for shape %v: %+v", out[0].Size(), out[0].Shape, m.Graph.Nodes[0])
	}
	return err
}

// TestRandomInputs: for random inputs and attributes each operator returns a value or an error that it reports itself.
func TestRandomInputs(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(operators)) {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, uint64(len(name))))
			for range 200 {
				m, inputs := randomModel(rng, name)
				_ = checkRun(t, m, inputs)
			}
		})
	}
}

// TestChangedSuite: the same for ONNX's own tests with random changes of their inputs and attributes.
func TestChangedSuite(t *testing.T) {
	dir := os.Getenv("NNDIY_ONNX_SUITE")
	if dir == "" {
		t.Skip("NNDIY_ONNX_SUITE is not set: it names the folder of ONNX's tests")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "test_*", "model.onnx"))
	require.NoError(t, err)
	passed := 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(2, uint64(len(b))))
			for range 30 {
				m, err := proto.Decode(b)
				if err != nil {
					return
				}
				inputs := map[string]*Tensor{}
				for i, v := range m.Graph.Inputs {
					raw, err := os.ReadFile(filepath.Join(filepath.Dir(file), "test_data_set_0", fmt.Sprintf("input_%d.pb", i)))
					if err != nil {
						continue
					}
					if x, err := proto.DecodeTensor(raw); err == nil {
						inputs[v.Name], _ = Decode(x)
					}
				}
				change(rng, m, inputs)
				if checkRun(t, m, inputs) == nil {
					passed++
				}
			}
		})
	}
	t.Logf("%d runs without an error", passed)
}

// change changes some inputs and attributes.
func change(rng *rand.Rand, m *proto.Model, inputs map[string]*Tensor) {
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		x := inputs[name]
		if x == nil || rng.IntN(2) == 0 {
			continue
		}
		switch rng.IntN(4) {
		case 0:
			inputs[name] = randomTensor(rng).as(x.Type())
		case 1:
			inputs[name] = randomTensor(rng)
		default: // another shape with the same elements
			shape := slices.Clone(x.Shape)
			if len(shape) > 0 {
				shape[rng.IntN(len(shape))] = rng.IntN(4)
			}
			index := make([]int, sizeOf(shape))
			for i := range index {
				if index[i] = -1; x.Size() > 0 {
					index[i] = rng.IntN(x.Size())
				}
			}
			inputs[name] = &Tensor{shape, x.data.take(index, nil)}
		}
	}
	node := &m.Graph.Nodes[rng.IntN(len(m.Graph.Nodes))]
	for i := range node.Attributes {
		if a := &node.Attributes[i]; rng.IntN(3) == 0 && a.Graph == nil {
			*a = randomAttribute(rng, a.Name)
		} else if len(a.Ints) > 0 && rng.IntN(3) == 0 {
			a.Ints[rng.IntN(len(a.Ints))] = int64(rng.IntN(6) - 2)
		}
	}
}
