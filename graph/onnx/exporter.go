package onnx

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/atomicfile"
)

// An Exporter writes models as Write and WriteFile do, with settings.
type Exporter struct {
	// Opset is the version of ONNX's operators, 11 to 22; 0 means 17. All compute the same. A network that needs an operator of a
	// later version is an error that names it: adding several values to one element of a tensor needs 16.
	Opset int
}

// Write writes a model; see the function Write.
func (e Exporter) Write(w io.Writer, m *graph.Model) error {
	if err := e.write(w, m); err != nil {
		return fmt.Errorf("onnx: Exporter.Write: %w", err)
	}
	return nil
}

// WriteFile writes the model to a file; see the function WriteFile.
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
	model, err := e.model(m)
	if err != nil {
		return err
	}
	b := proto.Encode(model)
	if len(b) > math.MaxInt32 {
		return fmt.Errorf("got a model of %d bytes, want at most %d: protocol buffers hold no more", len(b), math.MaxInt32)
	}
	_, err = w.Write(b)
	return err
}

func (e Exporter) writeFile(path string, m *graph.Model) error {
	var failed error
	err := atomicfile.Write(path, func(w io.Writer) error {
		failed = e.write(w, m)
		return failed
	})
	switch {
	case failed != nil: // the network is to blame, not the file
		return failed
	case err != nil:
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
