package datasets

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"reflect"
	"unsafe"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/atomicfile"
)

// write writes the samples of From to the file.
func (c *Cache) write() error {
	return atomicfile.Write(c.Path, func(w io.Writer) error {
		out, head := bufio.NewWriterSize(w, 1<<20), cacheHead{Key: c.Key, Order: nativeOrder()}
		var s stack
		bytes := int64(0)
		err := c.read(&s, func(o opened) error {
			if head.Tensors == nil {
				if err := head.describe(&s); err != nil {
					return err
				}
			}
			head.Samples += int64(o.rows)
			if bytes += int64(o.rows) * s.rowBytes(); c.MaxBytes > 0 && bytes > c.MaxBytes {
				return fmt.Errorf("MaxBytes: got more than %d bytes of samples, want at most that, or a larger MaxBytes", c.MaxBytes)
			}
			for i := range o.rows {
				sum := uint32(0)
				for k, p := range s.parts {
					b := bytesOf(o.parts[k].Slice(i*p.width, (i+1)*p.width))
					sum = crc32.Update(sum, castagnoli, b)
					_, _ = out.Write(b) // Flush returns its error
				}
				_ = binary.Write(out, binary.LittleEndian, sum)
			}
			return nil
		})
		if err != nil {
			return err
		}
		text, err := json.Marshal(head)
		if err == nil && len(text) > maxCacheHead {
			err = fmt.Errorf("Key: got a description of %d bytes with it, want at most %d", len(text), maxCacheHead)
		}
		if err != nil {
			return err
		}
		_, _ = out.Write(text)
		_ = binary.Write(out, binary.LittleEndian, []uint32{uint32(len(text)), crc32.Checksum(text, castagnoli)})
		_, _ = out.WriteString(cacheMark)
		return out.Flush()
	})
}

// describe sets the tensors to those of a stack.
func (h *cacheHead) describe(s *stack) (err error) {
	at := 0
	_, err = eachTensor(s.like, func(name string, t *graph.Tensor) (*graph.Tensor, error) {
		if _, ok := cacheTypes[t.Dtype().String()]; !ok {
			return nil, fmt.Errorf("got elements of %v, want numbers", t.Dtype())
		}
		h.Tensors = append(h.Tensors, cacheTensor{name, t.Dtype().String(), s.parts[at].shape})
		at++
		return t, nil
	})
	return err
}

// bytesOf returns the memory of a slice of numbers.
func bytesOf(v reflect.Value) []byte {
	if v.Len() == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(v.UnsafePointer()), v.Len()*int(v.Type().Elem().Size()))
}
