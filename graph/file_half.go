package graph

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/safetensors"
	"github.com/nndiy/nndiy/internal/atomicfile"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Half is an element type of 16 bits for the parameters in a file, which halves its size:
//
//	err := graph.BFloat16.SaveFile("model.safetensors", model)
//
// The file's header names the type of each tensor, so that Open, LoadFile and ReadWeights need no option to read it. Only files
// have 16 bits: the opened model computes in Config.DType.
//
// Elements are rounded to the nearest number of the type, ties to even. NaN and infinities are kept. A finite element that would
// become infinite is an error, and then nothing is written.
type Half uint8

const (
	// Float16 is IEEE 754 half precision. Rounding changes an element by at most 1 part in 2048, an element of magnitude below
	// 2^-14 by at most 2^-25. The largest number is 65504.
	Float16 Half = iota
	// BFloat16 is the upper half of the bits of a float32, with its range. Rounding changes an element by at most 1 part in 256.
	BFloat16
)

// String returns the name of the type: float16 or bfloat16.
func (h Half) String() string {
	if h.check() != nil {
		return fmt.Sprintf("Half(%d)", uint8(h))
	}
	return [...]string{"float16", "bfloat16"}[h]
}

func (h Half) check() error {
	if h > BFloat16 {
		return fmt.Errorf("got Half(%d), want Float16 or BFloat16", uint8(h))
	}
	return nil
}

// Save writes a model as Model.Save does, with its parameters rounded to h. States, such as the statistics of BatchNorm, are
// written in full: they are small, and may exceed the range of h. The optimizer's state and the number of steps so far are left
// out: the opened model predicts and evaluates, and Fit trains it as a new model with these weights. Model.Save and checkpoints
// never round.
func (h Half) Save(w io.Writer, m *Model) error { return public("Half.Save", h.save(w, m)) }

// SaveFile is Save to a file, which is replaced as a whole, as by Model.SaveFile.
func (h Half) SaveFile(path string, m *Model) error {
	return public("Half.SaveFile: "+path, atomicfile.Write(path, func(w io.Writer) error { return h.save(w, m) }))
}

func (h Half) save(w io.Writer, m *Model) error {
	switch err := h.check(); {
	case err != nil:
		return err
	case m == nil:
		return errors.New("got no model, want one that Compile or Open returned")
	}
	return m.saveAs(w, func(f *modelFile, m *Model) error {
		for _, p := range m.own() {
			add := addTensor
			if p.trained {
				add = h.add
			}
			if err := f.addParameter(p, add); err != nil {
				return err
			}
		}
		at := m.store.position(m.own())
		return f.addPosition(&position{Seed: at.Seed, Frozen: at.Frozen})
	})
}

// WriteWeights writes tensors as the function WriteWeights does, all rounded to h. States are rounded as well, since Weights does
// not mark them.
func (h Half) WriteWeights(w io.Writer, weights Weights, metadata map[string]string) error {
	if err := h.check(); err != nil {
		return public("Half.WriteWeights", err)
	}
	return public("Half.WriteWeights", writeWeights(w, weights, metadata, h.add))
}

// add adds a rounded copy of a tensor to a file.
func (h Half) add(f *safetensors.File, name string, t *Tensor) error {
	entry, err := h.toFile(name, t)
	if err != nil {
		return fmt.Errorf("parameter %.64q: %w", name, err)
	}
	f.Tensors = append(f.Tensors, entry)
	return nil
}

func (h Half) toFile(name string, t *Tensor) (entry safetensors.Tensor, err error) {
	if t == nil {
		return entry, errors.New("got no tensor, want one")
	}
	if t, err = tensors.RowMajor(t); err != nil {
		return entry, err
	}
	entry = safetensors.Tensor{Name: name, DType: [...]safetensors.DType{safetensors.F16, safetensors.BF16}[h], Shape: slices.Clone(t.Shape())}
	switch t.Dtype() {
	case tensor.Float32:
		entry.Data, err = halved(h, tensors.Data[float32](t))
	case tensor.Float64:
		entry.Data, err = halved(h, tensors.Data[float64](t))
	default:
		err = fmt.Errorf("got elements of %v, %w", tensors.ElementType(t), errElementType)
	}
	return entry, err
}

// halved returns the values rounded to h, little-endian.
func halved[T Float](h Half, values []T) ([]byte, error) {
	to, infinite := kernels.ToHalf, uint16(0x7c00)
	if h == BFloat16 {
		to, infinite = kernels.ToBFloat, 0x7f80
	}
	data := make([]byte, 2*len(values))
	for i, v := range values {
		bits := to(odd(v))
		if bits&0x7fff == infinite && !math.IsInf(float64(v), 0) {
			most := "65504"
			if h == BFloat16 {
				most = "3.3895314e+38"
			}
			return nil, fmt.Errorf("element %d: got %v, want a magnitude of at most %s for %v", i, v, most, h)
		}
		data[2*i], data[2*i+1] = byte(bits), byte(bits>>8)
	}
	return data, nil
}

// odd returns v as a float32, rounded to odd: towards zero, and with the last bit set if v lies between two numbers. Rounding the
// result to 16 bits then gives what rounding v itself gives, which is not so after rounding to nearest.
func odd[T Float](v T) float32 {
	f := float32(v)
	if T(f) == v || v != v {
		return f
	}
	bits := math.Float32bits(f)
	if math.Abs(float64(f)) > math.Abs(float64(v)) {
		bits--
	}
	return math.Float32frombits(bits | 1)
}
