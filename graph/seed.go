package graph

import (
	"hash/fnv"
)

// hashString returns the FNV-1a hash of a string.
func hashString(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}
