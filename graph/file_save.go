package graph

import (
	"fmt"
	"io"
	"os"

	"github.com/nndiy/nndiy/internal/atomicfile"
)

// Save writes the model in the safetensors format: the parameters under their full names, the optimizer's slots (its state
// tensors, such as the moments of Adam), and in the metadata the network, the Config and how far the model was trained, as
// JSON. Open reads the same model from it; other programs can read the parameters. The same model gives the same bytes.
//
// Tensors whose names begin with a slash are not parameters: /optimizer/0/dense1/weight is the optimizer's slot 0 of
// dense1/weight, and names that begin with /run belong to the state of a run in a checkpoint. The metadata maps strings to
// strings:
//
//	format, version   nndiy, 2
//	checksum          the CRC-32C of everything except this entry, in hexadecimal digits
//	network           JSON: the layers, where "type" is the name of a registered type, and the Config without training
//	config            JSON: the whole Config, if the model has a loss, an optimizer or metrics
//	sizes             JSON: if a dimension of an input is Any, shapes of the inputs for which the network works
//	model             JSON: seed, steps and epochs so far, number of updates of each parameter, frozen parameters
//	user.…            the user's metadata: see Metadata
//	set               in a checkpoint of one of several models over the same Params: seed, steps and so on of the others as JSON,
//	                  whose parameters and slots are tensors with names that begin with /set; see Params.Save
//	run, callbacks    in a checkpoint: the state of the run and of its callbacks as JSON, and their types
//	network_error     in a checkpoint, instead of network: why it cannot be described
//	config_error      instead of config: why it cannot be described
//
// For a part of a model (see Sub), Save writes only that part. Sub("") is the whole model without its optimizer, which gives
// a smaller file for prediction. Half.Save halves it again, with parameters of 16 bits.
//
// A network that a file cannot describe, because it contains a function or an unregistered type (see Register), is an error,
// since Open could not read it. WriteWeights(w, model.Weights(), nil) writes only its parameters, and LoadFile reads them
// into a model compiled by the same code. A loss, an optimizer or a metric that a file cannot describe is not an error: the
// opened model predicts, and Portable reports why it cannot train.
func (m *Model) Save(w io.Writer) error {
	if err := m.made(); err != nil {
		return public("Save", err)
	}
	return public("Save", m.save(w))
}

func (m *Model) save(w io.Writer) error { return m.saveAs(w, (*modelFile).addModel) }

// saveAs writes the model's file; add adds the tensors and the position.
func (m *Model) saveAs(w io.Writer, add func(*modelFile, *Model) error) error {
	if _, _, err, _ := m.encoded(); err != nil {
		return fmt.Errorf("%w; graph.WriteWeights(w, model.Weights(), nil) writes only the weights, for LoadFile", err)
	}
	f, err := m.file(add)
	if err != nil {
		return err
	}
	return f.write(w)
}

// SaveFile saves the model to a file. After a crash at any moment the path holds the old file or the new one, whole. The new
// one is first written in the same folder, under a temporary name that begins with a dot. An error removes this temporary
// file; if the process was killed, the next SaveFile to the same path removes it.
func (m *Model) SaveFile(path string) error {
	if err := m.made(); err != nil {
		return public("SaveFile", err)
	}
	return public("SaveFile: "+path, atomicfile.Write(path, m.save))
}

// Load sets the parameters from a file in the safetensors format, written by Save or another program, and converts them to
// the model's element type. A parameter that is missing, unknown or of another shape is an error, and then nothing changes.
// A tensor that is not a parameter of the model and that Weights cannot hold is left out; see WeightsReader.
// From a file that Save wrote, Load reads only the parameters. The optimizer's state stays as it is, except that averages of
// the weights (see Averager) are set to the new ones.
func (m *Model) Load(r io.Reader) error {
	if err := m.made(); err != nil {
		return public("Load", err)
	}
	return public("Load", m.load(r))
}

func (m *Model) load(r io.Reader) error {
	w, left, err := readWeights(r)
	if err != nil {
		return err
	}
	for _, s := range left {
		if m.store.byName[s.name] != nil {
			return fmt.Errorf("parameter %.64q: %w", s.name, s.reason)
		}
	}
	return m.set(w)
}

// LoadFile is Load for the file at a path.
func (m *Model) LoadFile(path string) error {
	if err := m.made(); err != nil {
		return public("LoadFile", err)
	}
	f, err := os.Open(path)
	if err != nil {
		return public("LoadFile", err)
	}
	defer f.Close()
	return public("LoadFile: "+path, m.load(f))
}
