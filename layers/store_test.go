package layers_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// stored holds a layer of each type, with settings of each kind, and the shape of its input without the batch.
var stored = map[string]struct {
	layer graph.Layer
	shape []int
}{
	"AdaptiveAvgPool1D":  {layers.AdaptiveAvgPool1D{Size: 3}, []int{2, 7}},
	"AdaptiveAvgPool2D":  {layers.AdaptiveAvgPool2D{Size: []int{2, 3}}, []int{2, 5, 4}},
	"AdaptiveMaxPool1D":  {layers.AdaptiveMaxPool1D{Size: 3}, []int{2, 7}},
	"AdaptiveMaxPool2D":  {layers.AdaptiveMaxPool2D{Size: []int{2}}, []int{2, 5, 4}},
	"Add":                {layers.Add{layers.Dense{Units: 4}, layers.Tanh{}}, []int{4}},
	"AvgPool1D":          {layers.AvgPool1D{Size: 3, Padding: layers.Pad(1), IgnorePadding: true}, []int{2, 7}},
	"AvgPool2D":          {layers.AvgPool2D{Size: []int{3, 2}, Stride: []int{2, 1}, Padding: layers.Same}, []int{2, 5, 4}},
	"BatchNorm":          {layers.BatchNorm{Momentum: 0.3, Epsilon: 1e-3}, []int{3, 2}},
	"Bidirectional":      {layers.Bidirectional{Layer: layers.GRU{Units: 2}}, []int{3, 2}},
	"Bucket":             {layers.Bucket{Count: 3, Edges: [][]float64{{1, 2}, {}, {0.5}}}, []int{3}},
	"Columns":            {storedColumns, []int{5}},
	"Concat":             {layers.Concat{Axis: -1, Layers: []graph.Layer{layers.Dense{Units: 2}, layers.Tanh{}}}, []int{3, 4}},
	"Conv1D":             {layers.Conv1D{Filters: 2, Kernel: 3, Padding: layers.Causal, Dilation: 2}, []int{1, 7}},
	"Conv2D":             {layers.Conv2D{Filters: 4, Kernel: []int{3, 2}, Padding: layers.Pad(2, 1), Groups: 2, KernelPenalty: layers.Penalty{L2: 0.1}}, []int{2, 5, 4}},
	"ConvTranspose1D":    {layers.ConvTranspose1D{Filters: 2, Kernel: 3, Stride: 2, OutputPadding: 1, Padding: layers.Pad(1)}, []int{3, 4}},
	"ConvTranspose2D":    {layers.ConvTranspose2D{Filters: 2, Kernel: []int{3, 2}, Stride: []int{1, 2}, NoBias: true}, []int{2, 3, 2}},
	"Crop1D":             {layers.Crop1D{Before: 1, After: 2}, []int{2, 7}},
	"Crop2D":             {layers.Crop2D{Top: 1, Left: 2}, []int{2, 3, 4}},
	"Dates":              {layers.Dates{Parts: []string{"week"}}, []int{2}},
	"Dense":              {layers.Dense{Units: 4, KernelInit: graph.HeNormal, BiasInit: graph.Constant(0.1), BiasPenalty: layers.Penalty{L1: 0.1}}, []int{5}},
	"DepthwiseConv1D":    {layers.DepthwiseConv1D{Multiplier: 2, Kernel: 3, Padding: layers.Causal}, []int{2, 6}},
	"DepthwiseConv2D":    {layers.DepthwiseConv2D{Multiplier: 2, Kernel: []int{3}, Padding: layers.Same}, []int{2, 4, 3}},
	"Dropout":            {layers.Dropout{Rate: 0.4}, []int{5}},
	"ELU":                {layers.ELU{Alpha: 0.7}, []int{5}},
	"Embedding":          {layers.Embedding{Vocabulary: 9, Units: 3}, []int{4}},
	"Flatten":            {layers.Flatten{}, []int{2, 4}},
	"GELU":               {layers.GELU{Tanh: true}, []int{5}},
	"GRU":                {layers.GRU{Units: 2, ReturnSequences: true, BiasInit: graph.Normal(0, 1)}, []int{4, 3}},
	"GaussianNoise":      {layers.GaussianNoise{Deviation: 0.3}, []int{5}},
	"GlobalAvgPool":      {layers.GlobalAvgPool{}, []int{3, 5}},
	"GlobalMaxPool":      {layers.GlobalMaxPool{}, []int{3, 5}},
	"GroupNorm":          {layers.GroupNorm{Groups: 2}, []int{4, 3}},
	"HardSigmoid":        {layers.HardSigmoid{}, []int{5}},
	"Identity":           {layers.Identity{}, []int{5}},
	"Impute":             {layers.Impute{Indicator: true, Value: []float64{1, 2}}, []int{2}},
	"LSTM":               {layers.LSTM{Units: 3}, []int{3, 2}},
	"LayerNorm":          {layers.LayerNorm{Dims: 2, Epsilon: 1e-3}, []int{3, 4}},
	"LeakyReLU":          {layers.LeakyReLU{Slope: 0.2}, []int{5}},
	"Lengths":            {layers.Lengths{Input: "n"}, []int{3, 2}},
	"Masking":            {layers.Masking{Value: 0.5}, []int{3, 2}},
	"LogSoftmax":         {layers.LogSoftmax{}, []int{5}},
	"MaxPool1D":          {layers.MaxPool1D{Size: 3, Stride: 2, Padding: layers.Pad(1)}, []int{2, 8}},
	"MaxPool2D":          {layers.MaxPool2D{Size: []int{2, 3}, Dilation: []int{2, 1}, CeilMode: true}, []int{2, 5, 6}},
	"Mish":               {layers.Mish{}, []int{5}},
	"MultiHeadAttention": {layers.MultiHeadAttention{Heads: 2, Causal: true}, []int{3, 4}},
	"Multiply":           {layers.Multiply{layers.Dense{Units: 4}, layers.Sigmoid{}}, []int{4}},
	"Named":              {layers.Named("a", layers.Dense{Units: 3}), []int{5}},
	"Normalize":          {layers.Normalize{Axis: 1, Range: true, Offset: []float64{1, 2}, Scale: []float64{3, 4}}, []int{2, 3}},
	"OneHot":             {layers.OneHot{Classes: 9}, []int{2}},
	"PReLU":              {layers.PReLU{Shared: true}, []int{3, 4}},
	"Permute":            {layers.Permute{Axes: []int{2, 1}}, []int{2, 6}},
	"PositionalEncoding": {layers.PositionalEncoding{Learned: true}, []int{3, 4}},
	"RMSNorm":            {layers.RMSNorm{Epsilon: 1e-3}, []int{2, 4}},
	"RandomColor":        {layers.RandomColor{Brightness: 0.2, Contrast: 0.3, Saturation: 0.4, Hue: 0.1}, []int{3, 6, 5}},
	"RandomCrop":         {layers.RandomCrop{Height: 4, Width: 3}, []int{1, 6, 5}},
	"RandomErase":        {layers.RandomErase{Rate: 0.8, Fill: 0.5}, []int{1, 6, 5}},
	"RandomFlip":         {layers.RandomFlip{Vertical: true}, []int{2, 3, 4}},
	"RandomRotate":       {layers.RandomRotate{Degrees: 20}, []int{1, 6, 5}},
	"RandomShift":        {layers.RandomShift{Pixels: []int{1, 2}, Fill: 0.1}, []int{6, 5}},
	"RandomZoom":         {layers.RandomZoom{Factor: 1.5, In: true}, []int{1, 6, 5}},
	"ReLU":               {layers.ReLU{}, []int{5}},
	"Rescale":            {layers.Rescale{Offset: []float64{1, -2}, Scale: []float64{3}}, []int{2, 4}},
	"Reshape":            {layers.Reshape{Shape: []int{4, -1}}, []int{2, 6}},
	"Recompute":          {layers.Recompute{Layer: layers.Sequential{layers.Dense{Units: 4}, layers.Named("b", layers.Tanh{})}}, []int{3}},
	"Residual":           {layers.Residual{Layer: layers.Dense{Units: 4}, Shortcut: layers.Dense{Units: 4, NoBias: true}}, []int{5}},
	"Resize1D":           {layers.Resize1D{Scale: 1.5, Interpolation: layers.NearestExact}, []int{2, 6}},
	"Resize2D":           {layers.Resize2D{Size: []int{7, 3}, Interpolation: layers.Bicubic, AlignCorners: true}, []int{2, 4, 4}},
	"SELU":               {layers.SELU{}, []int{5}},
	"SeparableConv1D":    {layers.SeparableConv1D{Filters: 3, Kernel: 2, Stride: 2}, []int{2, 6}},
	"SeparableConv2D":    {layers.SeparableConv2D{Filters: 3, Kernel: []int{2}, Stride: []int{2}}, []int{2, 4, 5}},
	"Sequential":         {layers.Sequential{layers.Dense{Units: 4}, layers.Sequential{layers.Tanh{}, layers.Dense{Units: 2}}}, []int{5}},
	"SiLU":               {layers.SiLU{}, []int{5}},
	"Sigmoid":            {layers.Sigmoid{}, []int{5}},
	"SimpleRNN":          {layers.SimpleRNN{Units: 2, ReturnSequences: true}, []int{3, 3}},
	"Softmax":            {layers.Softmax{Axis: 1}, []int{5, 2}},
	"Softplus":           {layers.Softplus{}, []int{5}},
	"Softsign":           {layers.Softsign{}, []int{5}},
	"SpatialDropout":     {layers.SpatialDropout{Rate: 0.4}, []int{4, 2}},
	"Tanh":               {layers.Tanh{}, []int{5}},
	"Tokens":             {layers.Tokens{Length: 2, Max: 5, Words: []string{"a"}}, []int{2}},
	"TransformerDecoder": {layers.TransformerDecoder{Heads: 2, KeyHeads: 1, Rotary: true, NoBias: true}, []int{3, 4}},
	"TransformerEncoder": {layers.TransformerEncoder{Heads: 2, Width: 3, Activation: layers.SiLU{}, Norm: layers.RMSNorm{}, PostNorm: true, Dropout: 0.1}, []int{3, 4}},
	"UpSample1D":         {layers.UpSample1D{Size: 3}, []int{2, 6}},
	"UpSample2D":         {layers.UpSample2D{Size: []int{1, 3}}, []int{2, 2, 3}},
	"Vocabulary":         {layers.Vocabulary{MinCount: 2, Words: []string{"a", "ß"}}, []int{1}},
	"ZeroPad1D":          {layers.ZeroPad1D{Before: 1, Mode: graph.PadReflect}, []int{2, 6}},
	"ZeroPad2D":          {layers.ZeroPad2D{Top: 1, Right: 2, Value: 0.5}, []int{1, 2, 3}},
}

// storedColumns is fitted columns: two numbers, a category, and a bag of two words.
var storedColumns = layers.Columns{Target: "t", Classes: []string{"a", "b"}, Groups: []layers.Group{
	{Names: []string{"x", "y"}, Layers: []graph.Layer{layers.Impute{Value: []float64{1, 2}}, layers.Normalize{Offset: []float64{1, 2}, Scale: []float64{3, 4}}}},
	{Names: []string{"c"}, Layers: []graph.Layer{layers.Vocabulary{Words: []string{"u", "v"}}}},
	{Names: []string{"s"}, Layers: []graph.Layer{layers.Tokens{Words: []string{"u", "v"}}}},
}}

// storedModel returns a model with the layer in the middle, and data for it.
func storedModel(t *testing.T, layer graph.Layer, shape []int) (*graph.Model, graph.Arrays) {
	t.Helper()
	net := layers.Sequential{layer, layers.Flatten{}, layers.Dense{Units: 2}}
	switch layer.(type) {
	case layers.Embedding, layers.OneHot, layers.Columns:
	default: // a Dense in front, so that the layer's derivative by its input matters
		net = slices.Insert(net, 0, graph.Layer(layers.Dense{Units: shape[len(shape)-1]}))
	}
	cfg := graph.Config{Input: shape, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{}, Seed: 3}
	const rows = 8
	var inputs map[string]*tensor.Dense
	if _, lengths := layer.(layers.Lengths); lengths {
		cfg.Inputs = map[string][]int{"n": {}}
		inputs = map[string]*tensor.Dense{"n": tensor.New(tensor.WithShape(rows), tensor.WithBacking([]int{1, 2, 3, 1, 2, 3, 1, 2}))}
	}
	m, err := graph.Compile(net, cfg)
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(4, 5))
	numbers := func(shape ...int) *tensor.Dense {
		x := make([]float32, tensor.Shape(shape).TotalSize())
		for i := range x {
			x[i] = float32(rng.IntN(9))
		}
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x))
	}
	return m, graph.Arrays{Inputs: inputs, X: numbers(append([]int{rows}, shape...)...), Y: numbers(rows, 2)}
}

// TestStored saves and opens a model with every layer.
func TestStored(t *testing.T) {
	for _, name := range graph.Registered() {
		if name, ours := strings.CutPrefix(name, "layers."); ours {
			t.Run(name, func(t *testing.T) {
				r, ok := stored[name]
				require.True(t, ok, "has no row in the table")
				m, data := storedModel(t, r.layer, r.shape)
				graphtest.Stored(t, m, data)
			})
		}
	}
}

// TestModeTexts: modes are read back from their names, and any other string is an error.
func TestModeTexts(t *testing.T) {
	for want, m := range map[string]graph.PadMode{"zeros": graph.PadZeros, "reflect": graph.PadReflect, "edge": graph.PadEdge, "wrap": graph.PadWrap} {
		text, err := m.MarshalText()
		require.NoError(t, err)
		require.Equal(t, want, string(text))
		var n graph.PadMode
		require.NoError(t, n.UnmarshalText(text))
		require.Equal(t, m, n)
	}
	for want, m := range map[string]layers.Interpolation{
		"bilinear": layers.Bilinear, "bicubic": layers.Bicubic, "nearest": layers.Nearest, "nearest-exact": layers.NearestExact,
	} {
		text, err := m.MarshalText()
		require.NoError(t, err)
		require.Equal(t, want, string(text))
		var n layers.Interpolation
		require.NoError(t, n.UnmarshalText(text))
		require.Equal(t, m, n)
	}
	var p graph.PadMode
	require.ErrorContains(t, p.UnmarshalText([]byte("mirror")), `graph: PadMode: got "mirror", want zeros, reflect, edge or wrap`)
	_, err := graph.PadMode(9).MarshalText()
	require.ErrorContains(t, err, "graph: PadMode: got 9, want one of the named modes")
	var m layers.Interpolation
	require.ErrorContains(t, m.UnmarshalText([]byte("cubic")), `layers: Interpolation: got "cubic", want bilinear, bicubic, nearest or nearest-exact`)
	_, err = layers.Interpolation(9).MarshalText()
	require.ErrorContains(t, err, "layers: Interpolation: got 9, want one of the named ones")
}

// TestPaddingText: a padding is read back from its string, and any other string is an error.
func TestPaddingText(t *testing.T) {
	for want, p := range map[string]layers.Padding{"": layers.Valid, "same": layers.Same, "causal": layers.Causal, "3": layers.Pad(3), "1 0": layers.Pad(1, 0)} {
		t.Run(want, func(t *testing.T) {
			text, err := p.MarshalText()
			require.NoError(t, err)
			require.Equal(t, want, string(text))
			q := layers.Same
			require.NoError(t, q.UnmarshalText(text))
			require.Equal(t, p, q)
		})
	}
	var p layers.Padding
	require.ErrorContains(t, p.UnmarshalText([]byte("full")), `layers: Padding: got "full", want same, causal or numbers`)
}
