// Package graphtest checks the derivatives of layers, losses and functions against central differences:
//
//	func TestGate(t *testing.T) {
//		graphtest.Layer(t, Gate{Units: 3}, 4, 5)
//	}
//
// Stored checks that saving and opening a model changes no bit.
package graphtest
