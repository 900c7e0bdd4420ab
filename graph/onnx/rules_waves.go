package onnx

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// waves writes item i, sines and cosines of positions whose number varies. The angles are computed in float64, since those of large
// positions have too few digits in float32.
func (w *writer) waves(i int, c *ops.Constant) stored {
	it := &w.items[i]
	for _, n := range it.nodes {
		if !slices.Equal(ops.Of(n).Def.(*ops.Constant).Waves(), c.Waves()) {
			return w.fail(i, "got waves that depend on %s, want the same for any size", w.varying())
		}
	}
	for _, d := range it.shape[1:] {
		if d.vars != "" {
			return w.fail(i, "got a number of waves that depends on %s, want a constant", w.varying())
		}
	}
	width := len(c.Waves())
	s := shape{it.shape[0], dim{size: width}}
	key := fmt.Sprint("waves ", c.Waves(), it.shape[0])
	v, ok := w.consts[key]
	if !ok {
		v = w.table(c.Waves(), it.shape[0])
		w.consts[key] = v
		w.made = append(w.made, stored{v, s})
	}
	return stored{v, s}
}

// table writes the values of waves at the given number of positions, (positions, waves).
func (w *writer) table(waves []ops.Wave, positions dim) string {
	n := w.node("Range", []string{w.integer(0), w.single(w.size(positions)), w.integer(1)})
	t := w.node("Cast", []string{w.node("Reshape", []string{n, w.integers(-1, 1)})}, intAttribute("to", int(proto.Float64)))
	rates := proto.Tensor{Type: proto.Float64, Dims: []int64{int64(len(waves))}}
	cosine := proto.Tensor{Type: proto.Bool, Dims: rates.Dims}
	for _, wave := range waves {
		rates.Raw = binary.LittleEndian.AppendUint64(rates.Raw, math.Float64bits(wave.Rate))
		cosine.Raw = append(cosine.Raw, byte(flag(wave.Cosine)))
	}
	angle := w.node("Mul", []string{t, w.constant(rates)})
	var v string
	switch slices.Max(cosine.Raw) + slices.Min(cosine.Raw) {
	case 0:
		v = w.node("Sin", []string{angle})
	case 1:
		v = w.node("Where", []string{w.constant(cosine), w.node("Cos", []string{angle}), w.node("Sin", []string{angle})})
	default:
		v = w.node("Cos", []string{angle})
	}
	return w.node("Cast", []string{v}, intAttribute("to", int(w.element)))
}
