package onnx

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

// An operator describes the nodes of one kind that can be read, and emits them.
type operator struct {
	least, most int    // number of inputs
	outputs     int    // number of supported outputs; 0 means 1
	attributes  string // names of the supported attributes, separated by spaces
	settings    []int  // inputs that are settings, such as bounds: initializers given there are not trained
	emit        func(c *call) []*value
}

// unary returns an operator of one input.
func unary(f func(x graph.Node) graph.Node) operator {
	return operator{least: 1, most: 1, emit: func(c *call) []*value { return nodes(f(c.x(0))) }}
}

// setting returns an operator of one input with attributes.
func setting(attributes string, f func(c *call, x graph.Node) graph.Node) operator {
	return operator{least: 1, most: 1, attributes: attributes, emit: func(c *call) []*value { return nodes(f(c, c.x(0))) }}
}

const (
	many      = 1 << 20 // inputs
	windowing = "auto_pad dilations kernel_shape pads strides"
)

// operators are the supported operators by name. init fills it, because emit functions refer to it.
var operators map[string]operator

func init() {
	operators = map[string]operator{
		"Relu": unary(graph.Node.ReLU), "Sigmoid": unary(graph.Node.Sigmoid), "Tanh": unary(graph.Node.Tanh), "Exp": unary(graph.Node.Exp),
		"Log": unary(graph.Node.Log), "Sqrt": unary(graph.Node.Sqrt), "Abs": unary(graph.Node.Abs), "Floor": unary(graph.Node.Floor), "Erf": unary(graph.Node.Erf),
		"Sin": wave(graph.Node.Sin, math.Sin, false), "Cos": wave(graph.Node.Cos, math.Cos, true), "Sign": unary(graph.Node.Sign), "Softplus": unary(graph.Node.Softplus),
		"Reciprocal": unary(graph.Node.Reciprocal), "Ceil": unary(graph.Node.Ceil), "Round": unary(graph.Node.Round), "Softsign": unary(softsign), "Mish": unary(mish), "HardSwish": unary(hardSwish),
		"LeakyRelu": setting("alpha", leakyReLU), "Elu": setting("alpha", elu), "Celu": setting("alpha", celu),
		"Selu": setting("alpha gamma", selu), "HardSigmoid": setting("alpha beta", hardSigmoid), "Gelu": setting("approximate", gelu),
		"PRelu": {least: 2, most: 2, emit: prelu}, "Clip": {least: 1, most: 3, attributes: "min max", settings: []int{1, 2}, emit: clip},

		"Add": arithmetic(graph.Node.Add), "Sub": arithmetic(graph.Node.Sub), "Mul": arithmetic(graph.Node.Mul), "Div": arithmetic(graph.Node.Div),
		"Max": several(graph.Node.Maximum), "Min": several(graph.Node.Minimum), "Sum": several(graph.Node.Add),
		"Pow": {least: 2, most: 2, settings: []int{1}, emit: pow}, "Neg": {least: 1, most: 1, emit: neg},
		"Equal": comparison(graph.Node.Equal), "Greater": comparison(graph.Node.Greater), "Less": comparison(less),
		"GreaterOrEqual": comparison(greaterOrEqual), "LessOrEqual": comparison(lessOrEqual),
		"And": logic(graph.Node.Mul), "Or": logic(graph.Node.Maximum), "Not": {least: 1, most: 1, emit: not},
		"Where": {least: 3, most: 3, emit: where}, "Cast": {least: 1, most: 1, attributes: "to saturate", emit: cast},

		"MatMul": {least: 2, most: 2, emit: matMul}, "Gemm": {least: 2, most: 3, attributes: "alpha beta transA transB", emit: gemm},
		"Conv":              {least: 2, most: 3, attributes: windowing + " group", emit: conv},
		"ConvTranspose":     {least: 2, most: 3, attributes: windowing + " group output_padding", emit: convTranspose},
		"MaxPool":           {least: 1, most: 1, attributes: windowing + " ceil_mode storage_order", emit: maxPool},
		"AveragePool":       {least: 1, most: 1, attributes: windowing + " ceil_mode count_include_pad", emit: averagePool},
		"GlobalAveragePool": unary(globalAverage), "GlobalMaxPool": unary(globalMax),
		"BatchNormalization":    {least: 5, most: 5, attributes: "epsilon momentum training_mode spatial", emit: batchNormalization},
		"InstanceNormalization": {least: 3, most: 3, attributes: "epsilon", emit: instanceNormalization},
		"LayerNormalization":    {least: 2, most: 3, attributes: "axis epsilon stash_type", emit: layerNormalization},
		"Softmax":               setting("axis", softmax), "LogSoftmax": setting("axis", logSoftmax),
		"ReduceMean": reduction(graph.Node.Mean), "ReduceSum": reduction(graph.Node.Sum), "ReduceMax": reduction(graph.Node.Max),
		"ReduceMin": reduction(smallest), "ReduceL2": reduction(graph.Node.Norm),
		"ReduceL1": reduction(oneNorm), "ReduceLogSumExp": reduction(graph.Node.LogSumExp),
		"ReduceProd": {least: 1, most: 2, attributes: "axes keepdims noop_with_empty_axes", emit: unknown},
		"ArgMax":     argExtreme(graph.Node.ArgMax), "ArgMin": argExtreme(graph.Node.ArgMin),
		"TopK":            {least: 2, most: 2, outputs: 2, attributes: "axis largest sorted", emit: topK},
		"GatherElements":  {least: 2, most: 2, attributes: "axis", emit: gatherElements},
		"ScatterElements": {least: 3, most: 3, attributes: "axis reduction", emit: scatterElements},
		"CumSum":          {least: 2, most: 2, attributes: "exclusive reverse", emit: cumSum},
		"Trilu":           {least: 1, most: 2, attributes: "upper", emit: trilu},
		"Mod":             {least: 2, most: 2, attributes: "fmod", emit: mod},
		"Einsum":          {least: 1, most: 64, attributes: "equation", emit: einsum},
		"ReduceSumSquare": reduction(sumOfSquares), "ReduceLogSum": reduction(logOfSum), "Tan": unary(tan), "Mean": {least: 1, most: many, emit: mean},
		"Shrink": setting("bias lambd", shrink), "ThresholdedRelu": setting("alpha", thresholdedRelu), "LRN": setting("alpha beta bias size", lrn),
		"Xor":                       logic(func(x, y graph.Node) graph.Node { return x.Sub(y).Abs() }),
		"GroupNormalization":        {least: 3, most: 3, attributes: "epsilon num_groups stash_type", emit: groupNormalization},
		"MeanVarianceNormalization": setting("axes", meanVariance), "LpNormalization": setting("axis p", lpNormalization),
		"Loop":                    {least: 2, most: many, outputs: many, attributes: "body", emit: unroll},
		"SoftmaxCrossEntropyLoss": {least: 2, most: 2, attributes: "reduction", emit: crossEntropy},
		"LSTM":                    recurrent(recurrence{gates: 4, states: 2, activations: []string{"Sigmoid", "Tanh", "Tanh"}, peepholes: 3, step: lstmStep}, "input_forget"),
		"GRU":                     recurrent(recurrence{gates: 3, states: 1, activations: []string{"Sigmoid", "Tanh"}, apart: true, step: gruStep}, "linear_before_reset"),
		"RNN":                     recurrent(recurrence{gates: 1, states: 1, activations: []string{"Tanh"}, step: rnnStep}, ""),
		"If":                      {least: 1, most: 1, outputs: many, attributes: "then_branch else_branch", emit: branch},
		"Scan":                    {least: 1, most: many, outputs: many, attributes: scanAttributes, emit: scan},

		"Identity": {least: 1, most: 1, emit: identity}, "Dropout": {least: 1, most: 3, attributes: "ratio seed", emit: dropout},
		"Constant":        {attributes: "value value_float value_floats value_int value_ints", emit: constant},
		"ConstantOfShape": {least: 1, most: 1, attributes: "value", emit: constantOfShape},
		"Shape":           {least: 1, most: 1, attributes: "start end", emit: shapeOf}, "Size": {least: 1, most: 1, emit: size},
		"Range":        {least: 3, most: 3, emit: numberRange},
		"Reshape":      {least: 2, most: 2, attributes: "allowzero", emit: reshape},
		"Flatten":      {least: 1, most: 1, attributes: "axis", emit: flatten},
		"Squeeze":      {least: 1, most: 2, attributes: "axes", emit: squeeze},
		"Unsqueeze":    {least: 1, most: 2, attributes: "axes", emit: unsqueeze},
		"Transpose":    {least: 1, most: 1, attributes: "perm", emit: transpose},
		"Expand":       {least: 2, most: 2, emit: expand},
		"Concat":       {least: 1, most: many, attributes: "axis", emit: concat},
		"Split":        {least: 1, most: 2, outputs: 1 << 10, attributes: "axis split num_outputs", emit: split},
		"Slice":        {least: 1, most: 5, attributes: "axes starts ends", emit: slice},
		"Tile":         {least: 2, most: 2, emit: tile},
		"Gather":       {least: 2, most: 2, attributes: "axis", emit: gather},
		"Pad":          {least: 1, most: 4, attributes: "mode pads value", settings: []int{2}, emit: pad},
		"DepthToSpace": {least: 1, most: 1, attributes: "blocksize mode", emit: depthToSpace}, "SpaceToDepth": {least: 1, most: 1, attributes: "blocksize", emit: spaceToDepth},
		"OneHot":   {least: 3, most: 3, attributes: "axis", settings: []int{2}, emit: oneHot},
		"Resize":   {least: 2, most: 4, attributes: resizing, settings: []int{1, 2}, emit: resize},
		"Upsample": {least: 2, most: 2, attributes: "mode", settings: []int{1}, emit: upsample},
	}
}
