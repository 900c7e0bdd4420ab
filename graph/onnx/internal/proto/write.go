package proto

import (
	"encoding/binary"
	"slices"
)

// A writer appends fields to a message. Empty strings and lists are omitted, since that means the same.
type writer struct{ b []byte }

func (w *writer) key(number, kind int) {
	w.b = binary.AppendUvarint(w.b, uint64(number)<<3|uint64(kind))
}

func (w *writer) integer(number int, v int64) {
	w.key(number, varintType)
	w.b = binary.AppendUvarint(w.b, uint64(v))
}

func (w *writer) bytes(number int, v []byte) {
	w.key(number, bytesType)
	w.b = binary.AppendUvarint(w.b, uint64(len(v)))
	w.b = append(w.b, v...)
}

func (w *writer) string(number int, v string) {
	if v != "" {
		w.bytes(number, []byte(v))
	}
}

func (w *writer) integers(number int, list []int64) {
	if len(list) > 0 {
		w.message(number, func() {
			for _, v := range list {
				w.b = binary.AppendUvarint(w.b, uint64(v))
			}
		})
	}
}

// message writes an embedded message, whose fields f appends. Its length is inserted before it afterwards.
func (w *writer) message(number int, f func()) {
	w.key(number, bytesType)
	at := len(w.b)
	f()
	w.b = slices.Insert(w.b, at, binary.AppendUvarint(nil, uint64(len(w.b)-at))...)
}
