package eventtest

import (
	"encoding/binary"
	"fmt"
)

// A field is a field of a protocol buffer: numbers are in value, everything that has a length is in data.
type field struct {
	number int
	value  uint64
	data   []byte
}

// fields calls f with each field of a message.
func fields(message []byte, f func(field) error) error {
	for len(message) > 0 {
		key, n := binary.Uvarint(message)
		if n <= 0 {
			return fmt.Errorf("got % x, want a key", message)
		}
		message = message[n:]
		next := field{number: int(key >> 3)}
		switch key & 7 {
		case 0:
			next.value, n = binary.Uvarint(message)
		case 1:
			next.value, n = binary.LittleEndian.Uint64(message), 8
		case 2:
			size, m := binary.Uvarint(message)
			n = m + int(size)
			next.data = message[m:n]
		case 5:
			next.value, n = uint64(binary.LittleEndian.Uint32(message)), 4
		default:
			return fmt.Errorf("field %d: got wire type %d, want 0, 1, 2 or 5", next.number, key&7)
		}
		if n <= 0 {
			return fmt.Errorf("field %d: got % x, want a value", next.number, message)
		}
		if err := f(next); err != nil {
			return err
		}
		message = message[n:]
	}
	return nil
}
