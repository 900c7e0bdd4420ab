// Package graphtest checks derivatives against central differences, for the layers and losses of this project and for a
// user's own:
//
//	func TestGate(t *testing.T) {
//		graphtest.Layer(t, Gate{Units: 3}, 4, 5)
//	}
//
// Stored checks that a model comes through files with the same bits.
package graphtest
