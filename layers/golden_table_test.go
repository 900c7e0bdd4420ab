package layers_test

import (
	"strings"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/layers"
)

// goldenLayers builds the layer with a case's settings.
var goldenLayers = map[string]func(c golden.Settings) graph.Layer{
	"Dense": func(c golden.Settings) graph.Layer {
		return layers.Dense{Units: c.Int("units"), NoBias: without(c, "bias")}
	},
	"Softmax": func(c golden.Settings) graph.Layer { return layers.Softmax{Axis: c.Int("axis")} },
	"Conv1D": func(c golden.Settings) graph.Layer {
		return layers.Conv1D{Filters: c.Int("filters"), Kernel: c.Int("kernel"), Stride: c.Int("stride"), NoBias: without(c, "bias"),
			Padding: padding(c), Dilation: c.Int("dilation"), Groups: c.Int("groups")}
	},
	"Conv2D": func(c golden.Settings) graph.Layer {
		return layers.Conv2D{Filters: c.Int("filters"), Kernel: c.Ints("kernel"), Stride: c.Ints("stride"), NoBias: without(c, "bias"),
			Padding: padding(c), Dilation: c.Ints("dilation"), Groups: c.Int("groups")}
	},
	"MaxPool1D": func(c golden.Settings) graph.Layer {
		return layers.MaxPool1D{Size: c.Int("size"), Stride: c.Int("stride"), Padding: padding(c), Dilation: c.Int("dilation"), CeilMode: c.Is("ceil_mode")}
	},
	"MaxPool2D": func(c golden.Settings) graph.Layer {
		return layers.MaxPool2D{Size: c.Ints("size"), Stride: c.Ints("stride"), Padding: padding(c), Dilation: c.Ints("dilation"), CeilMode: c.Is("ceil_mode")}
	},
	"AvgPool1D": func(c golden.Settings) graph.Layer {
		return layers.AvgPool1D{Size: c.Int("size"), Stride: c.Int("stride"), Padding: padding(c), Dilation: c.Int("dilation"), CeilMode: c.Is("ceil_mode"),
			IgnorePadding: without(c, "count_include_pad")}
	},
	"AvgPool2D": func(c golden.Settings) graph.Layer {
		return layers.AvgPool2D{Size: c.Ints("size"), Stride: c.Ints("stride"), Padding: padding(c), Dilation: c.Ints("dilation"), CeilMode: c.Is("ceil_mode"),
			IgnorePadding: without(c, "count_include_pad")}
	},
	"GlobalAvgPool1D": func(golden.Settings) graph.Layer { return layers.GlobalAvgPool{} },
	"GlobalAvgPool2D": func(golden.Settings) graph.Layer { return layers.GlobalAvgPool{} },
	"GlobalMaxPool1D": func(golden.Settings) graph.Layer { return layers.GlobalMaxPool{} },
	"GlobalMaxPool2D": func(golden.Settings) graph.Layer { return layers.GlobalMaxPool{} },
	"BatchNorm": func(c golden.Settings) graph.Layer {
		return layers.BatchNorm{Epsilon: c.Num("epsilon"), Momentum: c.Num("momentum_torch")}
	},
	"LayerNorm": func(c golden.Settings) graph.Layer {
		return layers.LayerNorm{Epsilon: c.Num("epsilon"), Dims: c.Int("dims")}
	},
	"GroupNorm": func(c golden.Settings) graph.Layer {
		return layers.GroupNorm{Groups: c.Int("groups"), Epsilon: c.Num("epsilon")}
	},
	"Embedding": func(c golden.Settings) graph.Layer {
		return layers.Embedding{Vocabulary: c.Int("vocabulary"), Units: c.Int("dim")}
	},
	"MultiHeadAttention": func(c golden.Settings) graph.Layer {
		c.Int("dim") // the size of the input
		return layers.MultiHeadAttention{Heads: c.Int("heads")}
	},
	"LSTM": func(c golden.Settings) graph.Layer {
		return layers.LSTM{Units: c.Int("units"), ReturnSequences: c.Is("return_sequences")}
	},
	"GRU": func(c golden.Settings) graph.Layer {
		return layers.GRU{Units: c.Int("units"), ReturnSequences: c.Is("return_sequences")}
	},
	"SimpleRNN": func(c golden.Settings) graph.Layer {
		return layers.SimpleRNN{Units: c.Int("units"), ReturnSequences: c.Is("return_sequences")}
	},
	"ConvTranspose1D": func(c golden.Settings) graph.Layer {
		return layers.ConvTranspose1D{Filters: c.Int("filters"), Kernel: c.Int("kernel"), Stride: c.Int("stride"), NoBias: without(c, "bias"),
			Padding: padding(c), OutputPadding: c.Int("output_padding"), Dilation: c.Int("dilation"), Groups: c.Int("groups")}
	},
	"ConvTranspose2D": func(c golden.Settings) graph.Layer {
		return layers.ConvTranspose2D{Filters: c.Int("filters"), Kernel: c.Ints("kernel"), Stride: c.Ints("stride"), NoBias: without(c, "bias"),
			Padding: padding(c), OutputPadding: c.Ints("output_padding"), Dilation: c.Ints("dilation"), Groups: c.Int("groups")}
	},
}

// without reports whether a setting is present and false.
func without(c golden.Settings, name string) bool {
	_, given := c[name]
	return given && !c.Is(name)
}

// padding returns the padding, which is given as numbers or by name.
func padding(c golden.Settings) layers.Padding {
	var p layers.Padding
	if name, ok := c["padding"].(string); ok {
		if err := p.UnmarshalText([]byte(strings.TrimSuffix(name, "valid"))); err != nil {
			panic(err)
		}
		delete(c, "padding")
		return p
	}
	return layers.Pad(c.Ints("padding")...)
}

// sources lists, for each kind of layer, the parameters that PyTorch stores in another way.
var sources = map[string]map[string]source{
	"Dense": {"weight": {name: "weight", transposed: true}},
	"LSTM": {
		"weight": {name: "weight_ih_l0", transposed: true}, "recurrent": {name: "weight_hh_l0", transposed: true},
		"bias": {name: "bias_ih_l0", plus: "bias_hh_l0"},
	},
	"SimpleRNN": {
		"weight": {name: "weight_ih_l0", transposed: true}, "recurrent": {name: "weight_hh_l0", transposed: true},
		"bias": {name: "bias_ih_l0", plus: "bias_hh_l0"},
	},
	"GRU": {
		"weight": {name: "weight_ih_l0", transposed: true}, "recurrent": {name: "weight_hh_l0", transposed: true},
		"bias": {name: "bias_ih_l0"}, "recurrent_bias": {name: "bias_hh_l0"},
	},
	"MultiHeadAttention": {
		"weight": {name: "mha.in_proj_weight", transposed: true}, "bias": {name: "mha.in_proj_bias"},
		"out_weight": {name: "mha.out_proj.weight", transposed: true}, "out_bias": {name: "mha.out_proj.bias"},
	},
}
