package graph

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
)

// A PadMode says which elements Node.Pad adds.
type PadMode uint8

// The modes, for x = a b c d and three elements on each side.
const (
	PadZeros   PadMode = iota // 0 0 0 a b c d 0 0 0
	PadReflect                // d c b a b c d c b a: mirrored at the end elements; at most n-1 elements on a side
	PadEdge                   // a a a a b c d d d d: the end elements repeated
	PadWrap                   // b c d a b c d a b c: the other end; at most n elements on a side
)

// padModes are the modes' names in model files.
var padModes = [...]string{PadZeros: "zeros", PadReflect: "reflect", PadEdge: "edge", PadWrap: "wrap"}

// MarshalText implements encoding.TextMarshaler, for model files: "zeros", "reflect", "edge" or "wrap".
func (m PadMode) MarshalText() ([]byte, error) {
	if int(m) >= len(padModes) {
		return nil, fmt.Errorf("graph: PadMode: got %d, want one of the named modes", m)
	}
	return []byte(padModes[m]), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *PadMode) UnmarshalText(text []byte) error {
	i := slices.Index(padModes[:], string(text))
	if i < 0 {
		return fmt.Errorf("graph: PadMode: got %.32q, want zeros, reflect, edge or wrap", text)
	}
	*m = PadMode(i)
	return nil
}

var borders = [...]kernels.TapKind{PadReflect: kernels.TapReflect, PadEdge: kernels.TapEdge, PadWrap: kernels.TapWrap}

// Pad returns x with before elements in front of those of one axis, and after elements behind them: zeros, or elements of x
// if a mode is given.
func (x Node) Pad(axis, before, after int, mode ...PadMode) Node {
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	switch {
	case err != nil:
		return x.fail("Pad", err)
	case len(mode) > 1:
		return x.fail("Pad", fmt.Errorf("got %d modes, want one", len(mode)))
	case len(mode) == 1 && int(mode[0]) >= len(borders):
		return x.fail("Pad", fmt.Errorf("got mode %d, want PadZeros, PadReflect, PadEdge or PadWrap", mode[0]))
	case before == 0 && after == 0:
		return x
	case len(mode) == 0 || mode[0] == PadZeros:
		return x.apply("Pad", ops.Pad{Axis: a, Before: before, After: after})
	}
	rule := kernels.TapRule{In: x.Dim(a), Out: before + x.Dim(a) + after, Kind: borders[mode[0]], Before: before}
	return x.apply("Pad", ops.Resample{Axis: a, Rule: rule})
}
