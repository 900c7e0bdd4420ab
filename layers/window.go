package layers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nndiy/nndiy/graph"
)

// A Padding says how many zeros are put around each channel before a window moves over it. The zero value is none.
type Padding struct {
	mode  paddingMode
	sides []int
}

type paddingMode uint8

const (
	padNumbers paddingMode = iota
	padSame
	padCausal
)

var (
	// Valid is no padding: the window stays inside.
	Valid = Padding{}
	// Same pads so that the output has as many elements as the input, divided by the stride and rounded up. An odd zero is
	// at the end.
	Same = Padding{mode: padSame}
	// Causal pads at the beginning alone, so that no element of the output depends on a later one of the input. It is for
	// one dimension.
	Causal = Padding{mode: padCausal}
)

// Pad puts n zeros before and after the elements of each dimension; two numbers are for the height and the width.
func Pad(n ...int) Padding { return Padding{sides: slices.Clone(n)} }

// MarshalText implements encoding.TextMarshaler, for files: "same", "causal", or the numbers.
func (p Padding) MarshalText() ([]byte, error) {
	switch p.mode {
	case padSame:
		return []byte("same"), nil
	case padCausal:
		return []byte("causal"), nil
	}
	return []byte(strings.Trim(fmt.Sprint(p.sides), "[]")), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *Padding) UnmarshalText(text []byte) error {
	switch string(text) {
	case "same":
		*p = Same
		return nil
	case "causal":
		*p = Causal
		return nil
	}
	*p = Valid
	for _, field := range strings.Fields(string(text)) {
		n, err := strconv.Atoi(field)
		if err != nil {
			return fmt.Errorf("layers: Padding: got %.32q, want same, causal or numbers", text)
		}
		p.sides = append(p.sides, n)
	}
	return nil
}

// A sliding is the settings of a window that moves over x's dimensions of space.
type sliding struct {
	name                   string // of the setting size; Kernel if it is empty
	size, stride, dilation []int  // one number is for all dimensions, none is 1
	padding                Padding
}

// windows returns the window of each of so many dimensions; if a setting does not fit, a node with the error.
func (l sliding) windows(x graph.Node, dims int) ([]graph.Window, graph.Node) {
	list, x := l.steps(x, dims)
	for i := range list {
		w := &list[i]
		n, extent := x.Dim(2+i), extentOf(*w)
		switch l.padding.mode {
		case padSame:
			all := max(0, ((n+w.Stride-1)/w.Stride-1)*w.Stride+extent-n)
			w.Before, w.After = all/2, all-all/2
		case padCausal:
			if dims != 1 {
				return nil, x.Errorf("Padding: got Causal for %d spatial dimensions, want Valid, Same or Pad", dims)
			}
			w.Before = extent - 1
		}
		if n+w.Before+w.After < extent {
			return nil, x.Errorf("got shape %v, want at least %d elements in dimension %d, padding included", x.Shape(), extent, 2+i)
		}
	}
	return list, x
}

// extentOf returns how many elements lie between the ends of a window, these included.
func extentOf(w graph.Window) int { return w.Dilation*(w.Size-1) + 1 }

// steps returns the windows with the padding that is given as numbers.
func (l sliding) steps(x graph.Node, dims int) ([]graph.Window, graph.Node) {
	if l.name == "" {
		l.name = "Kernel"
	}
	x = spatial(x, dims)
	size, x := perDim(x, l.name, l.size, dims, 1, 0)
	stride, x := perDim(x, "Stride", l.stride, dims, 1, 1)
	dilation, x := perDim(x, "Dilation", l.dilation, dims, 1, 1)
	sides, x := perDim(x, "Padding", l.padding.sides, dims, 0, 0)
	if x.Err() != nil {
		return nil, x
	}
	list := make([]graph.Window, dims)
	for i := range list {
		list[i] = graph.Window{Size: size[i], Stride: stride[i], Dilation: dilation[i], Before: sides[i], After: sides[i]}
	}
	return list, x
}

// spatial returns x, with an error if it has not so many dimensions of space.
func spatial(x graph.Node, dims int) graph.Node {
	switch {
	case x.Err() != nil || x.Rank() == 2+dims:
		return x
	case dims == 2:
		return x.Errorf("got shape %v, want (batch, channels, height, width)", x.Shape())
	}
	return x.Errorf("got shape %v, want (batch, channels, length)", x.Shape())
}
