package graph

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/safetensors"
)

// What the metadata of a saved model says.
const (
	formatKey  = "format"
	formatName = "nndiy"
	versionKey = "version"
	version    = 1
)

// Save writes the parameters in the safetensors format, under their full names; those of a part of a model are the part's
// own. The same parameters give the same bytes. The optimizer's state is not among them.
func (m *Model) Save(w io.Writer) error {
	if err := m.save(w); err != nil {
		return fmt.Errorf("graph: Save: %w", err)
	}
	return nil
}

func (m *Model) save(w io.Writer) error {
	f := &safetensors.File{Metadata: map[string]string{formatKey: formatName, versionKey: strconv.Itoa(version)}}
	m.params.RLock() // until all are copied, so that they are of one step
	for _, p := range m.own() {
		if err := addTensor(f, p.name, p.value); err != nil {
			m.params.RUnlock()
			return err
		}
	}
	m.params.RUnlock()
	return safetensors.Write(w, f)
}

// SaveFile saves to a file. Whatever happens meanwhile, the path has the old file or the new one, whole: the parameters are
// written beside it under a temporary name that begins with a dot, which an error removes but a crash may leave.
func (m *Model) SaveFile(path string) error {
	if err := writeFile(path, m.save); err != nil {
		return fmt.Errorf("graph: SaveFile: %s: %w", path, err)
	}
	return nil
}

// Load sets the parameters to those of a file in the safetensors format, whoever wrote it, converted to the model's element
// type. A missing, a surplus or a misshapen one is an error, and then none is changed. The optimizer's state stays as it is.
func (m *Model) Load(r io.Reader) error {
	if err := m.load(r); err != nil {
		return fmt.Errorf("graph: Load: %w", err)
	}
	return nil
}

func (m *Model) load(r io.Reader) error {
	w, err := readWeights(r)
	if err != nil {
		return err
	}
	return m.set(w)
}

// LoadFile loads from a file.
func (m *Model) LoadFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("graph: LoadFile: %w", err)
	}
	defer f.Close()
	if err := m.load(f); err != nil {
		return fmt.Errorf("graph: LoadFile: %s: %w", path, err)
	}
	return nil
}

// ReadWeights reads a file in the safetensors format: F32, F16, BF16 and U8 as float32, F64, I64 and I32 as float64.
func ReadWeights(r io.Reader) (Weights, error) {
	w, err := readWeights(r)
	if err != nil {
		return nil, fmt.Errorf("graph: ReadWeights: %w", err)
	}
	return w, nil
}

func readWeights(r io.Reader) (Weights, error) {
	f, err := safetensors.Read(r)
	if err != nil {
		return nil, err
	}
	if f.Metadata[formatKey] == formatName {
		if v, err := strconv.Atoi(f.Metadata[versionKey]); err != nil || v < 1 || v > version {
			return nil, fmt.Errorf("got version %.16q of the format, want at most %d", f.Metadata[versionKey], version)
		}
	}
	w := make(Weights, len(f.Tensors))
	for _, t := range f.Tensors {
		if w[t.Name], err = fromFile(t); err != nil {
			return nil, fmt.Errorf("parameter %.64q: %w", t.Name, err)
		}
	}
	return w, nil
}

// fromFile returns a tensor of a file, as float32 if that is exact or nearly what the file has, else as float64.
func fromFile(t safetensors.Tensor) (*Tensor, error) {
	if ops.Size(t.Shape) == 0 {
		return nil, fmt.Errorf("got shape %v, want dimensions of 1 or more", t.Shape)
	}
	switch t.DType {
	case safetensors.F64, safetensors.I64, safetensors.I32:
		d := newTensor(tensor.Float64, t.Shape)
		return d, safetensors.Floats(ops.Data[float64](d), t)
	}
	d := newTensor(tensor.Float32, t.Shape)
	return d, safetensors.Floats(ops.Data[float32](d), t)
}

// WriteWeights writes tensors of float32 or float64 in the safetensors format, in alphabetical order. The metadata is free
// text for other programs, and may be nil.
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
	if !t.RequiresIterator() && t.DataOrder().IsRowMajor() {
		return safetensors.FromFloats(name, t.Shape(), ops.Data[T](t))
	}
	values := make([]T, ops.Size(t.Shape()))
	if err := copyTo(values, t); err != nil {
		return safetensors.Tensor{}, err
	}
	return safetensors.FromFloats(name, t.Shape(), values)
}
