package tfevents

import (
	"encoding/binary"
	"math"
)

// A message is an encoded protocol buffer: a sequence of fields, each a key and a value
// (https://protobuf.dev/programming-guides/encoding).
type message []byte

// The wire types, the lowest three bits of a key.
const (
	varint = iota
	fixed64
	lengthDelimited
	fixed32 = 5
)

func (m *message) key(field, wire int) {
	*m = binary.AppendUvarint(*m, uint64(field)<<3|uint64(wire))
}

// integer adds a field of type int32 or int64; negative numbers take ten bytes.
func (m *message) integer(field int, v int64) {
	m.key(field, varint)
	*m = binary.AppendUvarint(*m, uint64(v))
}

func (m *message) float(field int, v float32) {
	m.key(field, fixed32)
	*m = binary.LittleEndian.AppendUint32(*m, math.Float32bits(v))
}

func (m *message) double(field int, v float64) {
	m.key(field, fixed64)
	*m = binary.LittleEndian.AppendUint64(*m, math.Float64bits(v))
}

// doubles adds a packed repeated field.
func (m *message) doubles(field int, list []float64) {
	m.key(field, lengthDelimited)
	*m = binary.AppendUvarint(*m, uint64(8*len(list)))
	for _, v := range list {
		*m = binary.LittleEndian.AppendUint64(*m, math.Float64bits(v))
	}
}

// bytes adds a field of type bytes, string or another message.
func (m *message) bytes(field int, v []byte) {
	m.key(field, lengthDelimited)
	*m = append(binary.AppendUvarint(*m, uint64(len(v))), v...)
}
