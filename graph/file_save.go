package graph

import (
	"fmt"
	"io"
	"os"

	"github.com/nndiy/nndiy/internal/atomicfile"
)

// Save writes the model in the safetensors format: the parameters under their full names, what the optimizer keeps of them,
// how far the model was trained, and in the metadata the network and the Config, as JSON. Open makes the same model of it;
// other programs read the parameters. The same model gives the same bytes.
//
// Tensors whose names begin with a slash are no parameters: /optimizer/0/dense1/weight is the first that the optimizer keeps of
// dense1/weight, and /run begins those of callbacks in a checkpoint. The metadata has, all as text,
//
//	format, version   nndiy, 2
//	checksum          the CRC-32C of all but this, in hexadecimal digits
//	network           JSON: the layers, where "type" is the name of a registered type, and the Config without its training
//	config            JSON: the whole Config, of a model that is trained
//	model             JSON: the seed, the steps and epochs so far, each parameter's updates, what is frozen
//	run, callbacks    JSON and names, in a checkpoint: where the training is, and the states and types of its callbacks
//	network_error     in place of network, or config_error of config: why that can't be described
//
// Of a part of a model, see Sub, it writes the part: Sub("") is the whole without its optimizer, for a smaller file that
// predicts.
//
// A network that no file can describe, since it has a function in it or a type that is not registered (see Register), is no
// error: its parameters are written and can be loaded by LoadFile into a model that is compiled of the same code. Portable
// tells.
func (m *Model) Save(w io.Writer) error {
	if err := m.save(w); err != nil {
		return fmt.Errorf("graph: Save: %w", err)
	}
	return nil
}

func (m *Model) save(w io.Writer) error {
	f, err := m.file()
	if err != nil {
		return err
	}
	return f.write(w)
}

// SaveFile saves to a file. Whatever happens meanwhile, the path has the old file or the new one, whole: it is written beside
// it under a temporary name that begins with a dot, which an error removes, and the next SaveFile to the same path if the
// process was killed.
func (m *Model) SaveFile(path string) error {
	if err := atomicfile.Write(path, m.save); err != nil {
		return fmt.Errorf("graph: SaveFile: %s: %w", path, err)
	}
	return nil
}

// Load sets the parameters to those of a file in the safetensors format, whoever wrote it, converted to the model's element
// type. A missing, a surplus or a misshapen one is an error, and then none is changed. Nothing else is read of a file that
// Save wrote; the optimizer's state stays as it is.
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
