// Package layers holds the layers that networks are composed of. Each is one Emit over node operations, a struct literal
// whose zero fields mean the usual; a network is a Sequential of them, or any function (see graph.LayerFunc).
//
// Tensors have the batch in front and channels before space: (batch, features), (batch, channels, length),
// (batch, channels, height, width).
package layers
