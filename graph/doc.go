// Package graph is the core of the library: it defines networks symbolically, compiles them and trains them.
//
// A [Node] is a value in an expression graph, and its methods are the operations. A [Layer] emits nodes: it gets a [Scope],
// which names its parameters, and the node of its input. [Compile] makes a [Model] of a layer and a [Config]; the model
// trains, evaluates and predicts. Nobody writes a backward pass: reverse-mode automatic differentiation derives every
// gradient from the graph, and a gorgonia tape machine runs the result.
//
// The first dimension of every tensor is the batch. The element type is float32 unless [Config].DType says otherwise.
//
// The chapters of the package:
//
//   - Nodes: [Node] and its methods, [Concat], [Grad], [Window], [Gorgonia]; [NewFunction] computes them without a model.
//   - Scopes and layers: [Layer], [LayerFunc], [Named], [Scope], [Initializer], [Noise].
//   - Losses, metrics and optimizers: the interfaces [Loss], [Metric] and [Optimizer], and additional ones such as
//     [SampleLoss], [MeanMetric], [OptimizerWrapper] and [Validator]; packages losses, metrics and optimizers implement them.
//   - Models: [Config], [Output], [Compile] and [Model]; [Weights] are a model's parameters.
//   - Training: [Model.Fit] with a [FitConfig], [Callback], [Run], [Logs] and [History]; [Model.Step] and [Model.Apply] for loops of
//     your own.
//   - Several models over one set of parameters: [Params], Config.Train, [Matches].
//   - Files: [Model.SaveFile], [Half], [Open], [Model.LoadFile], [WriteWeights], [ReadWeights], [Model.SetMetadata] and [Register].
//   - Data: [Tensor], [Batch], the interface [Dataset], and [Arrays], a Dataset in memory.
package graph
