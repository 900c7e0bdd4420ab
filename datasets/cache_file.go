package datasets

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"math/rand/v2"
	"os"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/tensors"
)

// The file of a Cache has a record for each sample: the elements of its tensors in native byte order, and their CRC-32C. Behind them
// is a description in JSON, its length and its CRC-32C in 4 bytes each, and 8 bytes that mark the format. In the first format, the
// description had no checksum.
const (
	cacheMark  = "nndiy\x00c2"
	firstCache = "nndiy\x00c1"
)

// maxCacheHead is the largest size of the description in bytes.
const maxCacheHead = 1 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errOtherKey is the error for a file with another key, or of the first format.
var errOtherKey = errors.New("got a file with another key")

// A cacheHead describes a file.
type cacheHead struct {
	Key     string
	Order   string // "little" or "big"
	Samples int64
	Tensors []cacheTensor
}

// A cacheTensor describes a tensor of each sample.
type cacheTensor struct {
	Name  string // as eachTensor names it
	Type  string
	Shape []int
}

// cacheTypes are the element types that a file can hold.
var cacheTypes = map[string]tensor.Dtype{}

func init() {
	for _, t := range []tensor.Dtype{
		tensor.Float32, tensor.Float64, tensor.Int, tensor.Int8, tensor.Int16, tensor.Int32, tensor.Int64,
		tensor.Uint8, tensor.Uint16, tensor.Uint32, tensor.Uint64,
	} {
		cacheTypes[t.String()] = t
	}
}

// nativeOrder returns the byte order of this machine.
func nativeOrder() string {
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		return "little"
	}
	return "big"
}

// A cacheFile is an open file of samples.
type cacheFile struct {
	in     io.ReaderAt
	path   string
	head   cacheHead
	sizes  []int64 // of each tensor of a sample in bytes
	record int64   // size of a record in bytes
	closer io.Closer
}

// openCache opens a file that was written with a key.
func openCache(path, key string) (*cacheFile, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := in.Stat()
	f := &cacheFile{in: in, path: path, closer: in}
	if err == nil {
		err = f.readHead(info.Size())
	}
	if err == nil && f.head.Key != key {
		err = errOtherKey
	}
	if err != nil {
		in.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// readHead reads the description, for a file of the given size, and checks it against the size.
func (f *cacheFile) readHead(size int64) error {
	var end [16]byte
	if size < int64(len(end)) {
		return fmt.Errorf("got %d bytes, want the file of a Cache", size)
	}
	if _, err := f.in.ReadAt(end[:], size-16); err != nil {
		return err
	}
	length, mark := int64(binary.LittleEndian.Uint32(end[:4])), string(end[8:])
	if mark == firstCache {
		return errOtherKey
	}
	if mark != cacheMark || length > maxCacheHead || length > size-16 {
		return errors.New("got a file of another format or a damaged one, want the file of a Cache; remove it to have it written again")
	}
	text := make([]byte, length)
	body := size - 16 - length
	if _, err := f.in.ReadAt(text, body); err != nil {
		return err
	}
	if got, want := crc32.Checksum(text, castagnoli), binary.LittleEndian.Uint32(end[4:]); got != want {
		return fmt.Errorf("description: got checksum %08x, want %08x: the file is damaged", got, want)
	}
	if err := json.Unmarshal(text, &f.head); err != nil {
		return fmt.Errorf("description: %w", err)
	}
	if f.head.Order != nativeOrder() {
		return fmt.Errorf("got numbers in %s-endian order, want %s", f.head.Order, nativeOrder())
	}
	f.record = 4
	for _, t := range f.head.Tensors {
		kind, ok := cacheTypes[t.Type]
		if !ok {
			return fmt.Errorf("description: %s: got elements of %.20q, want numbers", t.Name, t.Type)
		}
		n := int64(kind.Size())
		for _, d := range t.Shape {
			if d < 0 || d > 0 && n > body/int64(d) {
				return fmt.Errorf("description: %s: got shape %v, want one that fits in a file of %d bytes", t.Name, t.Shape, size)
			}
			n *= int64(d)
		}
		f.sizes = append(f.sizes, n)
		if f.record += n; f.record > body {
			return fmt.Errorf("description: got samples larger than the file of %d bytes", size)
		}
	}
	if n := f.head.Samples; len(f.head.Tensors) == 0 || f.head.Tensors[0].Name != "X" || n < 1 || body%f.record != 0 || n != body/f.record {
		return fmt.Errorf("got %d bytes of samples, want %d records of %d bytes, with X in each", body, f.head.Samples, f.record)
	}
	return nil
}

// bytes returns the size of the samples.
func (f *cacheFile) bytes() int64 { return (f.record - 4) * f.head.Samples }

// Close closes the file.
func (f *cacheFile) Close() error { return f.closer.Close() }

// Len implements graph.Dataset.
func (f *cacheFile) Len() int { return int(f.head.Samples) }

// Batches implements graph.Dataset.
func (f *cacheFile) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return batchesOf(rowTasks(f, allRows(f.Len()), size, rng))
}

// Rows implements Indexed.
func (f *cacheFile) Rows(index []int) (b graph.Batch, err error) {
	if err := checkIndex(index, f.Len()); err != nil {
		return b, placed("Cache", err)
	}
	memory := make([][]byte, len(f.sizes))
	for i, t := range f.head.Tensors {
		out := tensors.New(cacheTypes[t.Type], append([]int{len(index)}, t.Shape...))
		if f.sizes[i] > 0 {
			memory[i] = tensors.Bytes(out)
		}
		put(&b, t.Name, out)
	}
	record := make([]byte, f.record)
	for k, row := range index {
		if _, err := f.in.ReadAt(record, int64(row)*f.record); err != nil {
			return graph.Batch{}, placed("Cache: "+f.path, fmt.Errorf("sample %d: %w", row, err))
		}
		data := record[:f.record-4]
		if got, want := crc32.Checksum(data, castagnoli), binary.LittleEndian.Uint32(record[f.record-4:]); got != want {
			return graph.Batch{}, placed("Cache: "+f.path, fmt.Errorf("sample %d: got checksum %08x, want %08x: the file is damaged", row, got, want))
		}
		for i, n := range f.sizes {
			copy(memory[i][int64(k)*n:], data[:n])
			data = data[n:]
		}
	}
	return b, nil
}
