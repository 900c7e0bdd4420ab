package tfevents

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"time"
)

// A Writer writes events, each with one call of the io.Writer. So a crash leaves at most one incomplete record, at the end:
// TensorBoard waits for the rest and shows everything before.
type Writer struct {
	w   io.Writer
	now func() time.Time
}

// NewWriter writes the first event of a file, and returns a Writer for the others. Each event gets the time from now.
func NewWriter(w io.Writer, now func() time.Time) (*Writer, error) {
	e := &Writer{w, now}
	var m message
	m.bytes(3, []byte("brain.Event:2")) // file_version
	return e, e.event(0, m)
}

// Continue returns a Writer that appends to the events of an existing file.
func Continue(w io.Writer, now func() time.Time) *Writer { return &Writer{w, now} }

// Write writes the values of a step.
func (e *Writer) Write(step int64, values ...Value) error {
	if len(values) == 0 {
		return nil
	}
	var summary, m message
	for _, v := range values {
		summary.bytes(1, v.encoded)
	}
	m.bytes(5, summary)
	return e.event(step, m)
}

// event writes an event with the current time, a step, and the other fields in rest.
func (e *Writer) event(step int64, rest message) error {
	var m message
	m.double(1, float64(e.now().UnixMicro())/1e6) // wall_time
	if step != 0 {                                // protocol buffers leave out a 0
		m.integer(2, step)
	}
	_, err := e.w.Write(record(append(m, rest...)))
	return err
}

// record frames data: its length, the length's checksum, the data, the data's checksum, little-endian
// (https://www.tensorflow.org/tutorials/load_data/tfrecord).
func record(data []byte) []byte {
	r := make([]byte, 0, len(data)+16)
	r = binary.LittleEndian.AppendUint64(r, uint64(len(data)))
	r = binary.LittleEndian.AppendUint32(r, masked(r))
	r = append(r, data...)
	return binary.LittleEndian.AppendUint32(r, masked(data))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masked returns CRC-32C, rotated and with a constant added: a plain CRC of data that contains CRCs is weak.
func masked(data []byte) uint32 {
	c := crc32.Checksum(data, castagnoli)
	return (c>>15 | c<<17) + 0xa282ead8
}
