// Package layers holds the layers that networks are composed of. A layer is a struct whose zero fields mean the defaults, and
// one method, Emit, which builds the layer's operations in the graph. A network is a Sequential of layers, or any function
// (see graph.LayerFunc).
//
// Tensors have the batch first and channels before the spatial dimensions: (batch, features), (batch, channels, length),
// (batch, channels, height, width); sequences are (batch, time, features).
//
// # Sequences of different lengths
//
// Sequences are padded to one length (datasets.Pad, datasets.Buckets), and a mask says what is padding: Masking, Lengths and
// Embedding with MaskZero give one to their output, and operations keep it, see graph.Node.Mask. Padding changes nothing: layers
// leave it out, and so do the losses and metrics of an output with a mask. A layer that cannot leave it out is an error at Compile.
// A node with a mask is a sequence, (batch, time, features): the layers of channels take its features as channels, so a Conv1D
// turns it into (batch, positions, Filters), and GlobalAvgPool into (batch, features).
//
//	layers.Sequential{
//		layers.Embedding{Vocabulary: 5000, Units: 32, MaskZero: true}, // (batch, time) becomes (batch, time, 32)
//		layers.Conv1D{Filters: 64, Kernel: 3, Padding: layers.Same},   // (batch, time, 64)
//		layers.GlobalMaxPool{},                                        // (batch, 64)
//		layers.Dense{Units: 2}, layers.Softmax{},
//	}
//
// # Raw data
//
// Normalize, Impute, Bucket and OneHot learn from the training data, see Adapt. Columns takes the rows of a table as they are, with its
// Encoders Vocabulary, Tokens and Dates for strings and times. What they have learned is in the model's file.
//
// # To add a layer
//
// For a layer of your own, write a struct with an Emit method over node operations: check the settings and the shape first
// (Node.Errorf), take parameters from Scope.Param, return the output. There is no backward pass. If it mixes the steps of a sequence,
// leave out what Node.Valid says is padding: Node.FillPadding replaces it. Call graph.Register for it
// if models with it are saved to files, and test its derivatives with graphtest.Layer.
//
// A layer of this package also needs a line in register.go and rows in these tables: gradients in gradient_test.go, wrong
// settings in errors_test.go, masks in mask_table_test.go, files in store_test.go, ONNX in graph/onnx/layers_test.go. Values are compared with PyTorch's:
// a builder in golden_table_test.go and cases in testdata/layers.json (testdata/activations.json for an activation), or
// values computed by hand in values_test.go.
package layers
