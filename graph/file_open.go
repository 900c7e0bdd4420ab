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

// Open makes the model that was saved to a file, with no need of the code that defined it: it predicts, and goes on training
// as it would have. The types in it are registered: the program imports their packages, layers and so on, and registers its
// own; a layer of a type that is not is an error that names it. If the loss or another part of its training could not be
// saved, see Portable, or is of such a type, the model predicts, and Fit and Evaluate tell why they don't.
//
// The file may come from anywhere. Whatever is in it, Open returns a model or an error, and takes memory of a small multiple
// of the file's size and some ten megabytes for the graph of a network of many steps in time. So a network of more operations than
// is in proportion to its file is an error, such as two bidirectional LSTMs of 64 units over 600 steps: see OpenTrusted.
func Open(path string) (*Model, error) {
	m, err := openModel(path, false)
	if err != nil {
		return nil, fmt.Errorf("graph: Open: %w", err)
	}
	return m, nil
}

// OpenTrusted is Open of a file that is known to be from a good source: the network may be as large as it says.
func OpenTrusted(path string) (*Model, error) {
	m, err := openModel(path, true)
	if err != nil {
		return nil, fmt.Errorf("graph: OpenTrusted: %w", err)
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

// ReadModel is Open of what a reader has, to its end.
func ReadModel(r io.Reader) (*Model, error) {
	m, err := readModel(r, false)
	if err != nil {
		return nil, fmt.Errorf("graph: ReadModel: %w", err)
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

// model makes the model of a file.
func (f *modelFile) model(trusted bool) (*Model, error) {
	gap := f.Metadata[networkGapKey]
	switch {
	case !f.ours() || f.Metadata[networkKey] == "" && gap == "":
		return nil, errNoModel
	case gap != "":
		return nil, fmt.Errorf("the file has the weights and not the network, for it was saved with: %s: Compile the network and use LoadFile", gap)
	}
	var n network
	if err := registry.Decode("network", []byte(f.Metadata[networkKey]), &n, specials...); err != nil {
		return nil, err
	}
	cfg, unknown := n.Config, error(nil)
	if text := f.Metadata[configKey]; text != "" {
		err := registry.Decode("Config", []byte(text), &cfg, specials...)
		switch {
		case errors.As(err, new(*codec.UnregisteredError)): // only training needs what is not in the network
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
		m.gap = fmt.Errorf("how the model is trained is not known here: %w", unknown)
	}
	if gap := f.Metadata[configGapKey]; gap != "" {
		m.gap = fmt.Errorf("the file that the model is of says nothing of its training, for it was saved with: %s", gap)
	}
	m.path = n.Path
	m.store.source, m.store.trusted = newSource(f), trusted
	if err := m.probe(); err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "graph: "))
	}
	m.store.source, m.store.trusted = nil, true // further graphs are no larger
	if err := f.restore(m); err != nil {
		return nil, err
	}
	m.average(true) // a checkpoint may be of the midst of an epoch
	return m, nil
}
