package graph

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// userPrefix is the beginning of the keys of a user's metadata in a file, apart from the format's own keys.
const userPrefix = "user."

// maxMetadata is the largest size of metadata in bytes. As JSON it is at most 6 times as long, which fits in the header of a
// file.
const maxMetadata = 16_000_000

// metadata holds a user's entries, which a model and its parts share.
type metadata struct {
	mu      sync.Mutex
	entries map[string]string
}

func (d *metadata) copied() map[string]string {
	d.mu.Lock()
	defer d.mu.Unlock()
	entries := maps.Clone(d.entries)
	if entries == nil {
		entries = map[string]string{}
	}
	return entries
}

// add sets the given entries and keeps the others.
func (d *metadata) add(entries map[string]string) error {
	all := d.copied()
	maps.Copy(all, entries)
	return d.set(all)
}

// set replaces all entries by a copy of the given ones.
func (d *metadata) set(entries map[string]string) error {
	entries, size := maps.Clone(entries), 0
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		value := entries[key]
		if !utf8.ValidString(key) || !utf8.ValidString(value) {
			return fmt.Errorf("metadata %.64q: got %.64q, want valid UTF-8", key, value)
		}
		size += len(key) + len(value)
	}
	if size > maxMetadata {
		return fmt.Errorf("metadata: got %d bytes, want at most %d", size, maxMetadata)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = entries
	return nil
}

// Metadata returns a copy of the user's notes on the model, such as the names of its classes or its vocabulary: strings by
// arbitrary keys. Save, SaveFile, checkpoints and onnx.Write store them, in the safetensors format with "user." in front of
// each key; Open and onnx.Read read them. Load and LoadFile do not: they read only parameters. A model and its parts (see
// Sub) have the same metadata.
//
// If the network given to Compile has a method Metadata() map[string]string, as onnx.Network has, the model begins with its
// result; otherwise with none.
func (m *Model) Metadata() map[string]string {
	if m.made() != nil {
		return map[string]string{}
	}
	return m.store.metadata.copied()
}

// SetMetadata replaces the model's metadata by a copy of the given map; nil removes all. A key or a value that is not valid
// UTF-8, and more than 16 million bytes in all, are errors that change nothing. When a run is resumed, the checkpoint's entries
// are added to those of the model, and replace those of the same keys.
func (m *Model) SetMetadata(metadata map[string]string) error {
	if err := m.made(); err != nil {
		return public("SetMetadata", err)
	}
	return public("SetMetadata", m.store.metadata.set(metadata))
}

// takeMetadata sets the metadata to that of the network.
func (m *Model) takeMetadata() error {
	net, ok := m.net.(interface{ Metadata() map[string]string })
	if !ok || isNil(m.net) {
		return nil
	}
	if err := m.store.metadata.set(net.Metadata()); err != nil {
		return fmt.Errorf("network: %w; inside a layers.Sequential its metadata is not used", err)
	}
	return nil
}

// addMetadata adds a user's metadata to a file.
func (f *modelFile) addMetadata(entries map[string]string) {
	for key, value := range entries {
		f.Metadata[userPrefix+key] = value
	}
}

// userMetadata returns the user's metadata in a file.
func (f *modelFile) userMetadata() map[string]string {
	entries := map[string]string{}
	for key, value := range f.Metadata {
		if key, ok := strings.CutPrefix(key, userPrefix); ok {
			entries[key] = value
		}
	}
	return entries
}
