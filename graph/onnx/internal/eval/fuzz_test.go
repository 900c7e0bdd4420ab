package eval

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// FuzzRun: a file that is not trusted gives an error or values, within the limits, and without a fault of an operator.
func FuzzRun(f *testing.F) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, name := range slices.Sorted(maps.Keys(operators)) {
		for range 3 {
			m, inputs := randomModel(rng, name)
			for i := range m.Graph.Inputs {
				v := &m.Graph.Inputs[i]
				v.Dims = []proto.Dim{}
				for _, d := range inputs[v.Name].Shape {
					v.Dims = append(v.Dims, proto.Dim{Size: int64(d)})
				}
			}
			f.Add(proto.Encode(m))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := proto.Decode(b)
		if err != nil || m.Inline(len(b)) != nil {
			return
		}
		if m.Tensors(func(x *proto.Tensor) error {
			if x.External != nil {
				return errors.New("another file")
			}
			return nil
		}) != nil {
			return
		}
		p, err := Compile(m, len(b))
		if err != nil {
			return
		}
		inputs := map[string]*Tensor{}
		for _, v := range p.Inputs() {
			blank := blanks[v.Type]
			if blank == nil || len(v.Dims) > 8 {
				return
			}
			shape := []int{}
			for _, d := range v.Dims {
				shape = append(shape, int(min(d.Size, 4)))
			}
			inputs[v.Name] = &Tensor{shape, cast(list[int8](slices.Repeat([]int8{1}, sizeOf(shape))), v.Type)}
		}
		var names []string
		for _, v := range p.Outputs() {
			names = append(names, v.Name)
		}
		_, err = p.Run(context.Background(), inputs, names, small, 1)
		var fault runtime.Error
		if errors.As(err, &fault) {
			t.Error(err)
		}
	})
}
