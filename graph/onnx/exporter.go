package onnx

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/atomicfile"
)

// An Exporter writes models as Write and WriteFile do, with settings.
type Exporter struct {
	// Opset is the version of ONNX's operators, 11 to 22; 0 means 17. All compute the same. A network that needs an operator of a
	// later version is an error that names it: adding several values to one element of a tensor needs 16.
	Opset int

	// External makes WriteFile put the weights in a second file, as PyTorch's exporters do. Weights too large for one file, 2 GB in all,
	// go there anyway.
	External bool

	most int // bytes of a file; 0 means 2^31 - 1, the most that protocol buffers hold
}

// Write writes a model; see the function Write.
func (e Exporter) Write(w io.Writer, m *graph.Model) error {
	if err := e.write(w, m); err != nil {
		return fmt.Errorf("onnx: Exporter.Write: %w", err)
	}
	return nil
}

// WriteFile writes the model to a file; see the function WriteFile. With weights in a second file, that is beside the first and has its
// name with ".data" behind, or ".data2" if the file that is replaced refers to ".data", and both can be moved together. On an error or
// a crash, the path holds the complete old model, with its weights, or the new one. Afterwards the weights of the old one are removed.
func (e Exporter) WriteFile(path string, m *graph.Model) error {
	if err := e.writeFile(path, m); err != nil {
		return fmt.Errorf("onnx: Exporter.WriteFile: %w", err)
	}
	return nil
}

// model returns the model in the form of the file.
func (e Exporter) model(m *graph.Model) (*proto.Model, error) {
	to := e.Opset
	switch {
	case m == nil:
		return nil, errors.New("got a nil Model, want a compiled one")
	case to == 0:
		to = opset
	case to < oldestWritten || to > newestWritten:
		return nil, fmt.Errorf("Opset: got %d, want 0 or %d to %d", to, oldestWritten, newestWritten)
	}
	return modelOf(m, to)
}

func (e Exporter) write(w io.Writer, m *graph.Model) error {
	if e.External {
		return errors.New("External: got a writer, want a file, so that there can be a second one: use WriteFile")
	}
	model, err := e.model(m)
	if err != nil {
		return err
	}
	return e.encode(w, model)
}

// limit returns the largest size of a file.
func (e Exporter) limit() int {
	if e.most == 0 {
		return math.MaxInt32
	}
	return e.most
}

func (e Exporter) encode(w io.Writer, model *proto.Model) error {
	b := proto.Encode(model)
	if len(b) > e.limit() {
		return fmt.Errorf("got a model of %d bytes, want at most %d: protocol buffers hold no more; WriteFile puts weights in a second file", len(b), e.limit())
	}
	_, err := w.Write(b)
	return err
}

func (e Exporter) writeFile(path string, m *graph.Model) error {
	model, err := e.model(m)
	if err != nil {
		return err
	}
	size := 0
	for i := range model.Graph.Initializers {
		size += len(model.Graph.Initializers[i].Raw)
	}
	old, suffix := dataFiles(path), ""
	if e.External || size > e.limit()-min(1<<24, e.limit()/2) { // some room for the nodes
		if suffix, err = writeData(path, old, model); err != nil {
			return err
		}
	}
	var failed error
	err = atomicfile.Write(path, func(w io.Writer) error {
		failed = e.encode(w, model)
		return failed
	})
	if err != nil && suffix != "" && !old[suffix] {
		_ = os.Remove(path + suffix) // the error is the first one's
	}
	switch {
	case failed != nil: // the network is to blame, not the file
		return failed
	case err != nil:
		return fmt.Errorf("%s: %w", path, err)
	}
	return removeData(path, old)
}
