package graph

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/safetensors"
	"github.com/nndiy/nndiy/internal/tensors"
)

// ReadWeights reads all tensors of a file in the safetensors format: F32, F16, BF16 and U8 as float32; F64, I64 and I32 as
// float64. From a file that Save wrote it reads only the parameters.
func ReadWeights(r io.Reader) (Weights, error) {
	w, err := readWeights(r)
	if err != nil {
		return nil, fmt.Errorf("graph: ReadWeights: %w", err)
	}
	return w, nil
}

func readWeights(r io.Reader) (Weights, error) {
	f, err := readFile(r)
	if err != nil {
		return nil, err
	}
	w := make(Weights, len(f.Tensors))
	for _, t := range f.Tensors {
		if f.ours() && strings.HasPrefix(t.Name, "/") { // of the optimizer, or of a run
			continue
		}
		if w[t.Name], err = fromFile(t); err != nil {
			return nil, fmt.Errorf("parameter %.64q: %w", t.Name, err)
		}
	}
	return w, nil
}

// fromFile returns the value of a file's tensor, with the element types of ReadWeights.
func fromFile(t safetensors.Tensor) (*Tensor, error) {
	if tensors.Size(t.Shape) == 0 {
		return nil, fmt.Errorf("got shape %v, want dimensions of 1 or more", t.Shape)
	}
	switch t.DType {
	case safetensors.F64, safetensors.I64, safetensors.I32:
		d := tensors.New(tensor.Float64, t.Shape)
		return d, safetensors.Floats(tensors.Data[float64](d), t)
	}
	d := tensors.New(tensor.Float32, t.Shape)
	return d, safetensors.Floats(tensors.Data[float32](d), t)
}

// WriteWeights writes tensors of float32 or float64 in the safetensors format, in alphabetical order of their names. The
// metadata is for other programs; its keys and values are arbitrary strings in UTF-8, and it may be nil.
func WriteWeights(w io.Writer, weights Weights, metadata map[string]string) error {
	f := &safetensors.File{Metadata: metadata}
	for _, name := range weights.Names() {
		if err := addTensor(f, name, weights[name]); err != nil {
			return fmt.Errorf("graph: WriteWeights: %w", err)
		}
	}
	if err := safetensors.Write(w, f); err != nil {
		return fmt.Errorf("graph: WriteWeights: %w", err)
	}
	return nil
}

// addTensor adds a copy of a tensor to a file.
func addTensor(f *safetensors.File, name string, t *Tensor) error {
	var entry safetensors.Tensor
	err := errors.New("got no tensor")
	switch {
	case t == nil:
	case t.Dtype() == tensor.Float32:
		entry, err = toFile[float32](name, t)
	case t.Dtype() == tensor.Float64:
		entry, err = toFile[float64](name, t)
	default:
		err = fmt.Errorf("got elements of %v, %w", t.Dtype(), errElementType)
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
