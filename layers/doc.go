// Package layers holds the layers that networks are composed of. A layer is a struct whose zero fields mean the defaults, and
// one method, Emit, which builds the layer's operations in the graph. A network is a Sequential of layers, or any function
// (see graph.LayerFunc).
//
// Tensors have the batch first and channels before the spatial dimensions: (batch, features), (batch, channels, length),
// (batch, channels, height, width); sequences are (batch, time, features).
//
// # To add a layer
//
// For a layer of your own, write a struct with an Emit method over node operations: check the settings and the shape first
// (Node.Errorf), take parameters from Scope.Param, return the output. There is no backward pass. Call graph.Register for it
// if models with it are saved to files, and test its derivatives with graphtest.Layer.
//
// A layer of this package also needs a line in register.go and rows in these tables: gradients in gradient_test.go, wrong
// settings in errors_test.go, files in store_test.go, ONNX in graph/onnx/layers_test.go. Values are compared with PyTorch's:
// a builder in golden_table_test.go and cases in testdata/layers.json (testdata/activations.json for an activation), or
// values computed by hand in values_test.go.
package layers
