// Package ops defines the operations that this project's graphs consist of, as gorgonia ops.
//
// A [Def] says what an op computes: its shape rule, its derivative rule and its kernel. [Graph.Apply] adds it to a gorgonia
// expression graph as an [Op], which stores the Def's inputs and owns its output. Derivative rules emit nodes, so a derivative
// can be differentiated again; [Graph.Grad] is the reverse pass over them. [Lower] copies the nodes that some outputs need
// into a new graph, fuses ops on the way (fusions.go) and plans the memory. [Lowered.Run] runs the ops in their order.
//
// # To add an op
//
// An element-wise function, say Log2, needs a line or two in each of these places:
//
//  1. internal/kernels: the kernel, kernels.Log2; see "To add a kernel" there.
//  2. map.go: the code, Log2, among those before Add, which take one argument; its name, Log2: "Log2" in codeNames; its
//     kernel, Log2: kernels.Log2[T] in unary. A function of two arguments comes after Add, and its kernel goes into binary.
//  3. map_diff.go: the derivative, case Log2: return g.mc(Scale, g.m2(Div, d, x), 1/math.Ln2).
//  4. bounds.go: the interval of its values, if the function bounds them or keeps their order.
//  5. The table below: its row. A test fails without it.
//  6. Package graph: the method, func (x Node) Log2() Node { return x.unary(ops.Log2) }.
//  7. graph/graphtest, TestOperations: its row, which checks the first and the second derivative.
//  8. graph/onnx: how it is written, in rules_map.go, and read, in operators.go, if ONNX has such an operator.
//
// Any other op is a type in a file of its own; reverse.go is the shortest example. In place of 2 and 3 it has the four methods
// of Def: String names the op and all its parameters, since ops with the same String are merged; Infer checks the shapes;
// Diff emits the gradients of the inputs by [Graph.Must] and the helpers m1, m2 and mc; Bind chooses the kernel once, and the
// kernel allocates nothing. Its row in graph/onnx goes into the file of its kind (rules_shape.go, rules_product.go, ...). If it
// keeps the rows of a batch apart, rows_rules.go says where they are in its output; without that, Predict computes a network
// with the op as a whole.
//
// A [Scan] is a loop whose body is a graph of its own. [Graph.Loop] makes it from the nodes of one step (loop.go), without what
// leaves the loop (loop_lift.go). Its derivative reads values of the body that a longer Scan has stacked (scan_diff.go,
// scan_sums.go), which then takes the place of the first one (scan_lower.go). If the body keeps the rows of a batch apart, each
// worker runs all steps for some of the rows (scan_rows*.go), and one kernel computes the step of an LSTM or GRU wherever a body
// has one (scan_rows_cells.go). Other loops run their ops one by one (scan_ops.go).
//
// Graph.Again marks nodes whose values derivatives do not keep: they read copies of these nodes, which run later (again.go). In
// programs of much memory, Lower does so with values that take one pass over memory to compute again (again_cheap.go).
//
// A fusion is a matcher in fusions.go and its rows in TestFusions. A pair is one op for two nodes (fusions_pairs.go).
//
// # Rows and time
//
// [RowsOf] derives from the operations whether the rows of a batch are independent, and a [Timeline] whether a sequence may be cut
// into pieces (timeline.go, and timeline_rules.go for ops that look back in time). What is not known of an op counts as mixing.
//
// # Derivative rules
//
// These are all rules. The output is y, its gradient g. The inputs are x, or a and b; the gradients of several inputs are
// separated by commas, and 0 means that none is passed on. A Map sums the gradient of a broadcast input to that input's shape.
// A and B are a Map's constants; φ is the density of the standard normal distribution.
//
//	op                            gradients of the inputs                                         file
//	Copy, Shift                   g                                                               map_diff.go
//	Neg                           -g                                                              map_diff.go
//	Scale                         A·g                                                             map_diff.go
//	Square                        2x·g                                                            map_diff.go
//	Sqrt                          g/(2y)                                                          map_diff.go
//	Reciprocal                    -g·y²                                                           map_diff.go
//	Power                         g·A·x^(A-1)                                                     map_diff.go
//	Abs                           g·sign(x)                                                       map_diff.go
//	Exp                           g·y                                                             map_diff.go
//	Expm1                         g·(y + 1)                                                       map_diff.go
//	Log                           g/x                                                             map_diff.go
//	Log1p                         g/(x + 1)                                                       map_diff.go
//	Sin                           g·cos(x)                                                        map_diff.go
//	Cos                           -g·sin(x)                                                       map_diff.go
//	Erf                           g·exp(-x²)·2/√π                                                 map_diff.go
//	Tanh                          TanhGrad(g, y)                                                  map_diff.go
//	Sigmoid                       SigmoidGrad(g, y)                                               map_diff.go
//	Softplus                      g·sigmoid(x)                                                    map_diff.go
//	ReLU                          ReLUGrad(g, y)                                                  map_diff.go
//	LeakyReLU                     LeakyReLUGrad(g, y)                                             map_diff.go
//	ELU                           x > 0 ? g : g·A·exp(x)                                          map_diff.go
//	GELU                          g·GELUSlope(x)                                                  map_diff.go
//	GELUSlope                     g·φ(x)·(2 - x²)                                                 map_diff.go
//	Clip                          g·InRange(x)                                                    map_diff.go
//	Sign, Step, Floor, InRange    0                                                               map_diff.go
//	Ceil, Round                   0                                                               map_diff.go
//	Half, BFloat                  g, as if it did not round                                       map_diff.go
//	ZeroNaN                       0: it is applied to comparisons                                 map_diff.go
//	Add                           g, g                                                            map_diff.go
//	Sub                           g, -g                                                           map_diff.go
//	Mul                           g·b, g·a                                                        map_diff.go
//	Div                           g/b, -g·y/b                                                     map_diff.go
//	Pow                           g·b·a^(b-1), g·Xlogy(y, a); see diffExponent                    map_diff.go
//	Xlogy                         g·log(b), g·a/b; 0, 0 where a = 0 and b <= 0                    map_diff.go
//	Xmul                          g·b, 0 where a = 0 and b is infinite; g·a                       map_diff.go
//	Mod                           g, -g·round((a - y)/b)                                          map_diff.go
//	Logistic                      g·(sigmoid(a) - b), -g·a                                        map_diff.go
//	Max, Min                      g to the input that is y, g/2 to each where a = b               map_diff.go
//	Greater, GreaterEqual, Equal  0, 0                                                            map_diff.go
//	TanhGrad                      g·(1 - b²), -2·g·a·b                                            map_diff.go
//	SigmoidGrad                   g·b·(1 - b), g·a·(1 - 2b)                                       map_diff.go
//	ReLUGrad                      ReLUGrad(g, b), 0                                               map_diff.go
//	LeakyReLUGrad                 LeakyReLUGrad(g, b), 0                                          map_diff.go
//	Broadcast                     the sum of g over the copies                                    broadcast.go
//	Reduce                        sum: g repeated; Max: g where x = y, divided among equal ones   reduce.go
//	MatMul                        g·bᵀ, aᵀ·g                                                      matmul.go
//	Distances                     Σ w·(a - b), w = g/y, 0 where y is 0; -Σ w·(a - b)              distances.go
//	Conv                          ConvInput(g, w), ConvWeights(x, g); the other parts alike       conv.go
//	Pool                          MaxPoolGrad(x, g), AvgPoolGrad(g); theirs: the poolings         pool.go
//	Warp                          the adjoint Warp of g, 0                                        warp.go
//	Resample                      the adjoint Resample of g                                       resample.go
//	Softmax                       y·(g - Σ g·y); Log: g - exp(y)·Σ g                              softmax.go
//	Moments                       g₀/n + 2·g₁·(x - mean)/n                                        moments.go
//	Normalize                     g·scale·weight, and sums of g and g·(x - mean), by Dots         normalize.go
//	GroupNorm                     GroupNormGrad(g), 0, sums of g·(x - mean)·r and of g, by Dots   group_norm.go
//	GroupNormGrad                 derivatives of the derivative of a Normalize by Moments         group_norm.go
//	Dots                          g₀ + g₁·(b - mean), g₁·a, -Σ g₁·a; with a weight or scale alike dots.go
//	Attention                     AttentionGrad(g), cut into those of the sources                 attention.go
//	Attend                        only Attention reads it                                         attention.go
//	AttentionGrad                 products of the weights, as of plain attention                  attention_grad.go
//	Gather                        Scatter(g, index), 0                                            gather.go
//	Scatter                       Gather(g, index), 0                                             gather.go
//	GatherElements                ScatterElements(g, index), 0                                    along.go
//	ScatterElements               GatherElements(g, index), 0                                     along.go
//	Order                         0                                                               order.go
//	Arg                           0                                                               order.go
//	CumSum                        CumSum(g) from the other end                                    cumulative.go
//	Recurrence                    s·(y of the place before), s; s: Recurrence(next a, g) backward cumulative.go
//	Trilu                         Trilu(g)                                                        trilu.go
//	Scan                          a Scan of the body's gradient in the other direction            scan_diff.go
//	Slice                         Pad(g)                                                          slice.go
//	Pad                           Slice(g)                                                        slice.go
//	Concat                        a Slice of g for each input                                     slice.go
//	Reverse                       Reverse(g)                                                      reverse.go
//	Transpose                     the inverse permutation of g                                    transpose.go
//	Reshape                       g in the input's shape                                          reshape.go
//	Stop                          0                                                               stop.go
//	OneHot                        0                                                               onehot.go
//	Steps                         0                                                               steps.go
//	Fill                          no inputs                                                       broadcast.go
//	Constant                      no inputs                                                       constant.go
//	Random                        no inputs                                                       random.go
//	Foreign                       gorgonia's rule                                                 foreign.go
//
// Lower makes these ops after derivatives, so they have no rule: Affine, Attended, Chain, ConvAffine, ConvPair, ConvPool, Filled,
// Frame, NormalizeChain, ProductSums, RowNorm, SoftmaxGrad, WeightsPooled.
package ops
