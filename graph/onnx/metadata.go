package onnx

import (
	"maps"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// Beginnings of keys in a file's metadata_props: of this package's own entries, and of a user's entry whose key would
// otherwise be taken for one of those.
const (
	ownPrefix  = "nndiy."
	userPrefix = "nndiy.user."
)

// properties returns a model's metadata in the form of the file, in alphabetical order of the keys.
func properties(metadata map[string]string) []proto.Property {
	var list []proto.Property
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		p := proto.Property{Key: key, Value: metadata[key]}
		if strings.HasPrefix(key, ownPrefix) {
			p.Key = userPrefix + key
		}
		list = append(list, p)
	}
	return list
}

// metadataOf returns the user's metadata in a file. Of two entries with one key it takes the last.
func metadataOf(list []proto.Property) map[string]string {
	metadata := map[string]string{}
	for _, p := range list {
		key, ok := strings.CutPrefix(p.Key, userPrefix)
		if !ok && strings.HasPrefix(key, ownPrefix) {
			continue
		}
		metadata[key] = p.Value
	}
	return metadata
}

// Metadata returns a copy of the file's metadata_props, such as the names of classes. A model whose network is n, not a layer
// around it, begins with this metadata; see graph.Model.Metadata.
func (n *Network) Metadata() map[string]string {
	if n == nil {
		return nil
	}
	return maps.Clone(n.metadata)
}
