package panes

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// Hash returns 16 hexadecimal digits of the SHA-256 of weights: for each parameter in the order of the names, the name and the
// bits of its float32 elements, the lowest byte first. Equal hashes mean equal bits.
func Hash(w graph.Weights) string {
	h := sha256.New()
	var b []byte
	for _, name := range slices.Sorted(maps.Keys(w)) {
		b = append(b[:0], name...)
		for _, v := range w[name].Float32s() {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
		h.Write(b)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}
