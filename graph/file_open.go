package graph

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/codec"
	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Open reads a model from a file that Model.SaveFile or Run.SaveFile wrote, without the code that defined it. The model predicts,
// and continues training with the same bits as the saved one. Every type in the file must be registered: import the packages
// that define them, and call Register for your own. An unregistered layer type is an error that names it. If the loss,
// optimizer or metrics have an unregistered type, or could not be saved (see Portable), the model predicts, and Fit and
// Evaluate return an error that says why.
//
// The file need not be trusted: whatever is in it, Open returns a model or an error, and uses memory proportional to the
// file's size, plus tens of megabytes for the graph. A network with many more operations than its file's size suggests is
// rejected: see OpenTrusted.
func Open(path string) (*Model, error) {
	m, err := openModel(path, false)
	if err != nil {
		return nil, public("Open", err)
	}
	return m, nil
}

// OpenTrusted is Open without the limit on the size of the network, for a file from a source that you trust.
func OpenTrusted(path string) (*Model, error) {
	m, err := openModel(path, true)
	if err != nil {
		return nil, public("OpenTrusted", err)
	}
	return m, nil
}

func openModel(path string, trusted bool) (*Model, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := readModel(f, trusted)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// ReadModel is Open for a reader, which it reads to the end.
func ReadModel(r io.Reader) (*Model, error) {
	m, err := readModel(r, false)
	if err != nil {
		return nil, public("ReadModel", err)
	}
	return m, nil
}

func readModel(r io.Reader, trusted bool) (*Model, error) {
	f, err := readFile(r)
	if err != nil {
		return nil, err
	}
	m, err := ops.Safely(func() (*Model, error) { return f.model(trusted) })
	if err != nil {
		return nil, err
	}
	return m, nil
}

var errNoTraining = errors.New("got a model from a file without a Loss, as Save writes it for a model compiled without one and for a part " +
	"of a model; to train it, Compile its network with a Loss and an Optimizer, and use LoadFile")

// model makes the model that a file describes.
func (f *modelFile) model(trusted bool) (*Model, error) {
	problem := f.Metadata[networkErrorKey]
	switch {
	case !f.ours() || f.Metadata[networkKey] == "" && problem == "":
		return nil, errNoModel
	case problem != "":
		return nil, fmt.Errorf("the file does not describe the network (when it was saved: %s): Compile the network and use LoadFile", problem)
	}
	var n network
	if err := registry.Decode("network", []byte(f.Metadata[networkKey]), &n, specials...); err != nil {
		return nil, err
	}
	cfg, unknown := n.Config, error(nil)
	if text := f.Metadata[configKey]; text != "" {
		err := registry.Decode("Config", []byte(text), &cfg, specials...)
		switch {
		case errors.As(err, new(*codec.UnregisteredError)): // only training needs that type
			cfg, unknown = n.Config, err
		case err != nil:
			return nil, err
		}
	}
	cfg.Workers = 0
	m, err := prepare(n.Net, cfg)
	if err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "graph: Compile: "))
	}
	if unknown != nil {
		m.untrainable = fmt.Errorf("cannot train or evaluate: the file's training configuration: %w", unknown)
	}
	if problem := f.Metadata[configErrorKey]; problem != "" {
		m.untrainable = fmt.Errorf("cannot train or evaluate: the file does not describe the training (when it was saved: %s)", problem)
	}
	m.path = n.Path
	if err := m.setSizes(f.Metadata[sizesKey]); err != nil {
		return nil, err
	}
	m.store.source, m.store.trusted = newSource(f), trusted
	if err := m.probe(); err != nil {
		return nil, err
	}
	if err := m.store.params.publish(m.store, m.cfg.Optimizer); err != nil {
		return nil, err
	}
	m.store.source, m.store.trusted = nil, true // later graphs are not larger
	if err := f.restore(m, false); err != nil {
		return nil, err
	}
	if err := m.store.metadata.set(f.userMetadata()); err != nil {
		return nil, err
	}
	if m.untrainable == nil && !m.trainable() {
		m.untrainable = errNoTraining
	}
	m.average(true) // a checkpoint may be from the middle of an epoch
	return m, nil
}
