package layers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nndiy/nndiy/graph"
)

// Padding is the number of zeros that are added around each channel before a window moves over it. The zero value is Valid.
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
	// Valid is no padding: the window stays inside the input.
	Valid = Padding{}
	// Same pads so that the size of the output is the size of the input divided by the stride, rounded up. If the number of
	// zeros is odd, the extra zero goes at the end.
	Same = Padding{mode: padSame}
	// Causal pads only at the beginning, so that no element of the output depends on a later element of the input. It is
	// valid for one spatial dimension.
	Causal = Padding{mode: padCausal}
)

// Pad adds n zeros on both sides of each spatial dimension; two numbers are for the height and the width.
func Pad(n ...int) Padding { return Padding{sides: slices.Clone(n)} }

// MarshalText implements encoding.TextMarshaler, for model files: "same", "causal", or the numbers.
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

// A sliding holds the settings of a window that moves over the spatial dimensions.
type sliding struct {
	name                   string // of size in errors; "" means Kernel
	size, stride, dilation []int  // one number for all dimensions, or one for each; nil means 1 for stride and dilation
	padding                Padding
}

// windows returns the window of each of dims spatial dimensions, and x, with an error if a setting is not valid.
func (l sliding) windows(x graph.Node, dims int) ([]graph.Window, graph.Node) {
	list, x := l.steps(x, dims)
	for i := range list {
		w := &list[i]
		n, extent := x.Dim(2+i), extentOf(*w)
		switch l.padding.mode {
		case padSame:
			zeros := max(0, ((n+w.Stride-1)/w.Stride-1)*w.Stride+extent-n)
			w.Before, w.After = zeros/2, zeros-zeros/2
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

// extentOf returns the number of elements from the first to the last one that a window covers.
func extentOf(w graph.Window) int { return w.Dilation*(w.Size-1) + 1 }

// steps returns the windows with only the padding of Pad.
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

// spatial returns x, with an error if it does not have dims spatial dimensions, or if it has a mask: see windowed.
func spatial(x graph.Node, dims int) graph.Node {
	switch {
	case x.Err() != nil:
		return x
	case x.Rank() == 2+dims:
		return unmasked(x)
	case dims == 2:
		return x.Errorf("got shape %v, want (batch, channels, height, width)", x.Shape())
	}
	return x.Errorf("got shape %v, want (batch, channels, length)", x.Shape())
}
