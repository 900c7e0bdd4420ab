package graph

import (
	"fmt"
	"hash/crc32"
	"io"
	"reflect"
	"unsafe"

	"github.com/nndiy/nndiy/internal/tensors"
)

// checksum returns the CRC-32C of the tensors' names, shapes and numbers, as text.
func (a Arrays) checksum() string {
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	a.each(func(what string, t *Tensor) *Tensor {
		if t == nil {
			return nil // which is an error later
		}
		fmt.Fprintf(sum, "%s %v %v", what, t.Dtype(), t.Shape())
		t, err := tensors.RowMajor(t)
		if err != nil {
			return nil // likewise
		}
		if v := reflect.ValueOf(t.Data()); v.Kind() == reflect.Slice && v.Type().Elem().Kind() <= reflect.Complex128 {
			sum.Write(unsafe.Slice((*byte)(v.UnsafePointer()), v.Len()*int(v.Type().Elem().Size())))
		} else {
			_, _ = io.WriteString(sum, fmt.Sprint(v))
		}
		return t
	})
	return fmt.Sprintf("%08x", sum.Sum32())
}
