package layers_test

import (
	"maps"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/layers"
)

func init() { maps.Copy(goldenLayers, goldenResizes) }

// goldenResizes builds the layers of resize.json that layers.json does not have.
var goldenResizes = map[string]func(c golden.Settings) graph.Layer{
	"AdaptiveAvgPool1D": func(c golden.Settings) graph.Layer { return layers.AdaptiveAvgPool1D{Size: c.Int("size")} },
	"AdaptiveAvgPool2D": func(c golden.Settings) graph.Layer { return layers.AdaptiveAvgPool2D{Size: c.Ints("size")} },
	"AdaptiveMaxPool1D": func(c golden.Settings) graph.Layer { return layers.AdaptiveMaxPool1D{Size: c.Int("size")} },
	"AdaptiveMaxPool2D": func(c golden.Settings) graph.Layer { return layers.AdaptiveMaxPool2D{Size: c.Ints("size")} },
	"Resize1D": func(c golden.Settings) graph.Layer {
		return layers.Resize1D{Size: c.Int("size"), Scale: c.Num("scale"), Interpolation: interpolation(c), AlignCorners: c.Is("align_corners"),
			Antialias: c.Is("antialias")}
	},
	"Resize2D": func(c golden.Settings) graph.Layer {
		return layers.Resize2D{Size: c.Ints("size"), Scale: c.Nums("scale"), Interpolation: interpolation(c), AlignCorners: c.Is("align_corners"),
			Antialias: c.Is("antialias")}
	},
	"ZeroPad1D": func(c golden.Settings) graph.Layer {
		return layers.ZeroPad1D{Before: c.Int("before"), After: c.Int("after"), Mode: padMode(c), Value: c.Num("value")}
	},
	"ZeroPad2D": func(c golden.Settings) graph.Layer {
		return layers.ZeroPad2D{Top: c.Int("top"), Bottom: c.Int("bottom"), Left: c.Int("left"), Right: c.Int("right"), Mode: padMode(c),
			Value: c.Num("value")}
	},
	"Crop1D": func(c golden.Settings) graph.Layer {
		return layers.Crop1D{Before: c.Int("before"), After: c.Int("after")}
	},
	"Crop2D": func(c golden.Settings) graph.Layer {
		return layers.Crop2D{Top: c.Int("top"), Bottom: c.Int("bottom"), Left: c.Int("left"), Right: c.Int("right")}
	},
	"Permute":    func(c golden.Settings) graph.Layer { return layers.Permute{Axes: c.Ints("axes")} },
	"UpSample1D": func(c golden.Settings) graph.Layer { return layers.UpSample1D{Size: c.Int("size")} },
	"DepthwiseConv1D": func(c golden.Settings) graph.Layer {
		return layers.DepthwiseConv1D{Multiplier: c.Int("multiplier"), Kernel: c.Int("kernel"), Stride: c.Int("stride"), Padding: padding(c),
			Dilation: c.Int("dilation")}
	},
}

// interpolation returns the interpolation, which is given by name.
func interpolation(c golden.Settings) (m layers.Interpolation) {
	if err := m.UnmarshalText([]byte(c.Text("mode"))); err != nil {
		panic(err)
	}
	return m
}

// padMode returns the mode of a padding, which is given by name.
func padMode(c golden.Settings) (m graph.PadMode) {
	if err := m.UnmarshalText([]byte(c.Text("mode"))); err != nil {
		panic(err)
	}
	return m
}
