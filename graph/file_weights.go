package graph

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/safetensors"
	"github.com/nndiy/nndiy/internal/tensors"
)

// ReadWeights reads the tensors of a file in the safetensors format. Numbers of up to 16 bits and F32 become float32: F16,
// BF16, the types of 8 bits whose names begin with F8, I8, U8, I16, U16, and BOOL as 1 and 0. F64, I32, U32, I64 and U64
// become float64. No element is rounded. A tensor that Weights cannot hold is left out: see WeightsReader. From a file that
// Save wrote, ReadWeights reads only the parameters.
func ReadWeights(r io.Reader) (Weights, error) { return WeightsReader{}.read("ReadWeights", r) }

// A WeightsReader reads weights as ReadWeights does, and reports what it leaves out. Weights cannot hold a tensor without
// elements, a tensor with 64-bit integers that float64 cannot represent, or one of another element type, such as C64 or a
// packed type of 4 bits. Such a tensor does not stop the rest of the file from being read.
type WeightsReader struct {
	// Skipped is called for each tensor that is left out, with its name and the reason. If it returns an error, Read stops
	// and returns that error. nil leaves them out without a report.
	Skipped func(name string, reason error) error
}

// Read reads the tensors of a file.
func (o WeightsReader) Read(r io.Reader) (Weights, error) { return o.read("WeightsReader", r) }

func (o WeightsReader) read(where string, r io.Reader) (Weights, error) {
	w, skipped, err := readWeights(r)
	for _, s := range skipped {
		if err == nil && o.Skipped != nil {
			if err = o.Skipped(s.name, s.reason); err != nil {
				err = fmt.Errorf("parameter %.64q: %w", s.name, err)
			}
		}
	}
	if err != nil {
		return nil, public(where, err)
	}
	return w, nil
}

// skipped is a tensor of a file that Weights cannot hold.
type skipped struct {
	name   string
	reason error
}

// readWeights reads the tensors of a file, in the order of their names those that Weights cannot hold.
func readWeights(r io.Reader) (w Weights, left []skipped, err error) {
	f, err := readFile(r)
	if err != nil {
		return nil, nil, err
	}
	w = make(Weights, len(f.Tensors))
	for _, t := range f.Tensors {
		if f.ours() && strings.HasPrefix(t.Name, "/") { // of the optimizer, or of a run
			continue
		}
		if v, err := fromFile(t); err != nil {
			left = append(left, skipped{t.Name, err})
		} else {
			w[t.Name] = v
		}
	}
	slices.SortFunc(left, func(a, b skipped) int { return cmp.Compare(a.name, b.name) })
	return w, left, nil
}

// fromFile returns the value of a file's tensor, with the element types of ReadWeights, or the reason why there is none.
func fromFile(t safetensors.Tensor) (*Tensor, error) {
	if !t.DType.Known() {
		return nil, fmt.Errorf("got elements of %v, want a type that is converted to float32 or float64", t.DType)
	}
	if tensors.Size(t.Shape) == 0 {
		return nil, fmt.Errorf("got shape %v, want dimensions of 1 or more", t.Shape)
	}
	switch t.DType {
	case safetensors.F64, safetensors.I64, safetensors.U64, safetensors.I32, safetensors.U32:
		d := tensors.New(tensor.Float64, t.Shape)
		if err := safetensors.Floats(tensors.Data[float64](d), t); err != nil {
			return nil, err
		}
		return d, t.Exact()
	}
	d := tensors.New(tensor.Float32, t.Shape)
	return d, safetensors.Floats(tensors.Data[float32](d), t)
}

// WriteWeights writes tensors of float32 or float64 in the safetensors format, in alphabetical order of their names. The
// metadata is for other programs; its keys and values are arbitrary strings in UTF-8, and it may be nil. Half.WriteWeights
// writes elements of 16 bits.
func WriteWeights(w io.Writer, weights Weights, metadata map[string]string) error {
	return public("WriteWeights", writeWeights(w, weights, metadata, addTensor))
}

func writeWeights(w io.Writer, weights Weights, metadata map[string]string, add func(f *safetensors.File, name string, t *Tensor) error) error {
	f := &safetensors.File{Metadata: metadata}
	for _, name := range weights.Names() {
		if err := add(f, name, weights[name]); err != nil {
			return err
		}
	}
	return safetensors.Write(w, f)
}

// addTensor adds a copy of a tensor to a file.
func addTensor(f *safetensors.File, name string, t *Tensor) error {
	var entry safetensors.Tensor
	err := errors.New("got no tensor, want one")
	switch {
	case t == nil:
	case t.Dtype() == tensor.Float32:
		entry, err = toFile[float32](name, t)
	case t.Dtype() == tensor.Float64:
		entry, err = toFile[float64](name, t)
	default:
		err = fmt.Errorf("got elements of %v, %w", tensors.ElementType(t), errElementType)
	}
	if err != nil {
		return fmt.Errorf("parameter %.64q: %w", name, err)
	}
	f.Tensors = append(f.Tensors, entry)
	return nil
}

func toFile[T Float](name string, t *Tensor) (safetensors.Tensor, error) {
	t, err := tensors.RowMajor(t)
	if err != nil {
		return safetensors.Tensor{}, err
	}
	return safetensors.FromFloats(name, t.Shape(), tensors.Data[T](t))
}
