package safetensors

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestChecksum: the sum depends on everything except the order of the tensors and one key.
func TestChecksum(t *testing.T) {
	file := func() *File {
		return &File{Metadata: map[string]string{"a": "b", "sum": "x"}, Tensors: []Tensor{
			{Name: "t", DType: U8, Shape: []int{2}, Data: []byte{1, 2}}, {Name: "u", DType: F16, Shape: []int{}, Data: []byte{3, 4}},
		}}
	}
	want := file().Checksum("sum")
	for name, change := range map[string]func(f *File){
		"order": func(f *File) { slices.Reverse(f.Tensors) },
		"sum":   func(f *File) { f.Metadata["sum"] = "y" },
	} {
		t.Run(name, func(t *testing.T) {
			f := file()
			change(f)
			require.Equal(t, want, f.Checksum("sum"))
		})
	}
	for name, change := range map[string]func(f *File){
		"value":   func(f *File) { f.Metadata["a"] = "c" },
		"key":     func(f *File) { f.Metadata = map[string]string{"ab": "", "sum": "x"} },
		"name":    func(f *File) { f.Tensors[0].Name = "s" },
		"type":    func(f *File) { f.Tensors[1].DType = BF16 },
		"shape":   func(f *File) { f.Tensors[0].Shape = []int{1, 2} },
		"data":    func(f *File) { f.Tensors[1].Data = []byte{3, 5} },
		"no data": func(f *File) { f.Tensors = f.Tensors[:1] },
	} {
		t.Run(name, func(t *testing.T) {
			f := file()
			change(f)
			require.NotEqual(t, want, f.Checksum("sum"))
		})
	}
}
