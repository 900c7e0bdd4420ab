package graph

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/safetensors"
)

// What the metadata of a saved model says.
const (
	formatKey   = "format"
	formatName  = "nndiy"
	versionKey  = "version"
	version     = 2 // 1 had the parameters alone
	checksumKey = "checksum"

	networkKey    = "network"       // the network and its input, as JSON
	networkGapKey = "network_error" // why that is not there
	configKey     = "config"        // the Config, of a model that is trained
	configGapKey  = "config_error"  // why that is not there
	modelKey      = "model"         // what position says
	runKey        = "run"           // what fitting.state says
	callbacksKey  = "callbacks"     // types of the callbacks whose states are in run
)

// runPrefix begins the names of a training's tensors in a file, slotPrefix those of the optimizer's.
const (
	runPrefix  = "/run"
	slotPrefix = "/optimizer/"
)

// A modelFile is the content of a file. Tensors whose names begin with a slash are no parameters.
type modelFile struct{ safetensors.File }

// newFile returns a file without tensors.
func newFile() *modelFile {
	return &modelFile{safetensors.File{Metadata: map[string]string{formatKey: formatName, versionKey: strconv.Itoa(version)}}}
}

// readFile reads a file, whoever wrote it, and checks the sum of one that is ours.
func readFile(r io.Reader) (*modelFile, error) {
	read, err := safetensors.Read(r)
	if err != nil {
		return nil, err
	}
	f := &modelFile{*read}
	if !f.ours() {
		return f, nil
	}
	v, err := strconv.Atoi(f.Metadata[versionKey])
	if err != nil || v < 1 || v > version {
		return nil, fmt.Errorf("got version %.16q of the format, want at most %d", f.Metadata[versionKey], version)
	}
	if want := f.checksum(); v > 1 && f.Metadata[checksumKey] != want {
		return nil, fmt.Errorf("the file is damaged: its checksum is %s, want %.16q as it says", want, f.Metadata[checksumKey])
	}
	return f, nil
}

// ours tells whether Save wrote the file.
func (f *modelFile) ours() bool { return f.Metadata[formatKey] == formatName }

func (f *modelFile) checksum() string { return fmt.Sprintf("%08x", f.Checksum(checksumKey)) }

func (f *modelFile) write(w io.Writer) error {
	f.Metadata[checksumKey] = f.checksum()
	return safetensors.Write(w, &f.File)
}

// slotName returns the name in a file of tensor i that the optimizer keeps of a parameter.
func slotName(i int, parameter string) string {
	return fmt.Sprintf("%s%d/%s", slotPrefix, i, parameter)
}

// file returns the content of the model's file.
func (m *Model) file() (*modelFile, error) {
	f := newFile()
	m.describe(f.Metadata)
	return f, m.store.read(func() error { return f.addModel(m) }) // all tensors belong to one step
}

// addModel adds the parameters and how far they were trained.
func (f *modelFile) addModel(m *Model) error {
	for _, p := range m.own() {
		if p.name[0] == '/' {
			return fmt.Errorf("parameter %q: want a name without a slash in front", p.name)
		}
		if err := addTensor(&f.File, p.name, p.value); err != nil {
			return err
		}
		if m.cfg.Optimizer == nil || m.store.steps == 0 { // before the first step the slots are zero
			continue
		}
		for i, s := range p.slots {
			if err := addTensor(&f.File, slotName(i, p.name), s); err != nil {
				return err
			}
		}
	}
	text, err := registry.EncodeState("model", m.position().state(), specials...)
	f.Metadata[modelKey] = string(text)
	return err
}

var errNoModel = errors.New("the file has weights and no network: want one that Save wrote; LoadFile reads weights into a model")

// A network is what a file says of a model that predicts.
type network struct {
	Net    Layer
	Path   string // of a part, where in the model that it was a part of
	Config Config // without what only training needs
}

// describe writes what the model is to a file's metadata, or why that can't be.
func (m *Model) describe(metadata map[string]string) {
	network, config, networkErr, configErr := m.encoded()
	add := func(key, gapKey string, text []byte, err error) {
		switch {
		case err != nil:
			metadata[gapKey] = strings.ToValidUTF8(err.Error(), "?")
		case text != nil:
			metadata[key] = string(text)
		}
	}
	add(networkKey, networkGapKey, network, networkErr)
	add(configKey, configGapKey, config, configErr)
}

// encoded returns the network, and the whole Config of a model that is trained.
func (m *Model) encoded() (net, config []byte, netErr, configErr error) {
	untrained := m.cfg.untrained()
	net, netErr = registry.Encode("network", &network{m.net, m.path, untrained}, specials...)
	if m.cfg.Loss != nil || m.cfg.Optimizer != nil || len(m.cfg.Metrics) > 0 || len(m.cfg.Outputs) > 0 {
		cfg := m.cfg
		cfg.Workers = 0
		config, configErr = registry.Encode("Config", &cfg, specials...)
	}
	return net, config, netErr, configErr
}

// untrained returns what is left without training, and without what is this machine's.
func (c Config) untrained() Config {
	c.Loss, c.Optimizer, c.Metrics, c.Outputs, c.LossWeight, c.Workers = nil, nil, nil, nil, 0, 0
	return c
}

// Portable returns nil if a file of the model says all that Open needs, or else an error that names the layer, the loss or
// whatever it is that no file can describe, and what to do. Without its loss, optimizer or metrics the model can still be
// opened, to predict. A network of thousands of operations may need OpenTrusted.
func (m *Model) Portable() error {
	_, _, netErr, configErr := m.encoded()
	if err := errors.Join(netErr, configErr); err != nil {
		return fmt.Errorf("graph: Portable: %w", err)
	}
	return nil
}
