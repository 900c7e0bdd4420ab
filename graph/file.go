package graph

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/safetensors"
)

// Keys and values of the metadata in a file.
const (
	formatKey   = "format"
	formatName  = "nndiy"
	versionKey  = "version"
	version     = 2 // version 1 had only the parameters
	checksumKey = "checksum"

	networkKey      = "network"       // the network and its input, as JSON
	networkErrorKey = "network_error" // why the file does not describe the network
	configKey       = "config"        // the Config, as JSON, if the model can be trained
	configErrorKey  = "config_error"  // why the file does not describe the Config
	sizesKey        = "sizes"         // Model.probes, as JSON, if a dimension of an input is Any
	modelKey        = "model"         // the fields of position, as JSON
	runKey          = "run"           // what fitting.state returns, as JSON
	callbacksKey    = "callbacks"     // types of the callbacks with a state in run
	setKey          = "set"           // the positions of several models over one Params, as JSON
)

// Prefixes of the names of tensors in a file: of a run's state, of the optimizer's slots, and of what belongs to other models over
// the same Params.
const (
	setPrefix  = "/set/"
	runPrefix  = "/run"
	slotPrefix = "/optimizer/"
)

// A modelFile is the content of a file. Tensors whose names begin with a slash are not parameters.
type modelFile struct{ safetensors.File }

// newFile returns a file without tensors.
func newFile() *modelFile {
	return &modelFile{safetensors.File{Metadata: map[string]string{formatKey: formatName, versionKey: strconv.Itoa(version)}}}
}

// readFile reads a safetensors file of any origin, and checks version and checksum of one that Save wrote.
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
		return nil, fmt.Errorf("the file is damaged: got checksum %.16q in its metadata, want %s", f.Metadata[checksumKey], want)
	}
	return f, nil
}

// ours reports whether Save wrote the file.
func (f *modelFile) ours() bool { return f.Metadata[formatKey] == formatName }

func (f *modelFile) checksum() string { return fmt.Sprintf("%08x", f.Checksum(checksumKey)) }

func (f *modelFile) write(w io.Writer) error {
	f.Metadata[checksumKey] = f.checksum()
	return safetensors.Write(w, &f.File)
}

// slotName returns the name in a file of the optimizer's slot i of a parameter.
func slotName(i int, parameter string) string {
	return fmt.Sprintf("%s%d/%s", slotPrefix, i, parameter)
}

// file returns the content of the model's file; add adds the tensors and the position.
func (m *Model) file(add func(*modelFile, *Model) error) (*modelFile, error) {
	f := newFile()
	m.describe(f.Metadata)
	f.addMetadata(m.Metadata())
	sizes, err := m.sizes()
	if err != nil {
		return nil, err
	}
	if sizes != "" {
		f.Metadata[sizesKey] = sizes
	}
	return f, m.store.read(func() error { return add(f, m) }) // all tensors are from one step
}

// addModel adds the parameters, the optimizer's slots and the position.
func (f *modelFile) addModel(m *Model) error {
	for _, p := range m.own() {
		if err := f.addParameter(p, addTensor); err != nil {
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
	return f.addPosition(m.store.position(m.own()))
}

// addParameter adds a parameter with the given function.
func (f *modelFile) addParameter(p *parameter, add func(f *safetensors.File, name string, t *Tensor) error) error {
	if p.name[0] == '/' {
		return fmt.Errorf("parameter: got the name %q, want one without a slash at the beginning", p.name)
	}
	return add(&f.File, p.name, p.value)
}

func (f *modelFile) addPosition(p *position) error {
	text, err := registry.EncodeState("model", p.state(), specials...)
	f.Metadata[modelKey] = string(text)
	return err
}

var errNoModel = errors.New("got a file of weights without a network, want a file that Save wrote; LoadFile reads weights into a model")

// A network is what a file stores of a model, for prediction.
type network struct {
	Net    Layer
	Path   string // of a part (see Model.Sub), its path in the whole model
	Config Config // without the fields for training
}

// describe writes the network and the Config to a file's metadata, or why they cannot be encoded.
func (m *Model) describe(metadata map[string]string) {
	network, config, networkErr, configErr := m.encoded()
	add := func(key, errorKey string, text []byte, err error) {
		switch {
		case err != nil:
			metadata[errorKey] = strings.ToValidUTF8(err.Error(), "?")
		case text != nil:
			metadata[key] = string(text)
		}
	}
	add(networkKey, networkErrorKey, network, networkErr)
	add(configKey, configErrorKey, config, configErr)
}

// encoded returns the network as JSON, and the whole Config if the model can be trained or evaluated. What Open could not
// decode again is an error.
func (m *Model) encoded() (net, config []byte, netErr, configErr error) {
	untrained := m.cfg.untrained()
	net, netErr = registry.Encode("network", &network{m.net, m.path, untrained}, specials...)
	if netErr == nil {
		netErr = registry.Decode("network", net, new(network), specials...)
	}
	if m.cfg.Loss != nil || m.cfg.Optimizer != nil || len(m.cfg.Metrics) > 0 || len(m.cfg.Outputs) > 0 {
		cfg := m.cfg
		cfg.Workers, cfg.Params = 0, nil
		config, configErr = registry.Encode("Config", &cfg, specials...)
		if configErr == nil {
			configErr = registry.Decode("Config", config, new(Config), specials...)
		}
	}
	return net, config, netErr, configErr
}

// untrained returns the Config without the fields for training and for this machine.
func (c Config) untrained() Config {
	c.Loss, c.Optimizer, c.Metrics, c.Outputs, c.LossWeight, c.Workers = nil, nil, nil, nil, 0, 0
	c.Params, c.Train = nil, nil
	return c
}

// Portable returns nil if a file can describe the network and its training. Otherwise the error names the layer, loss,
// optimizer or metric that a file cannot describe, and what to do about it. A model whose network can be described, but not
// its loss, optimizer or metrics, can be saved, and opened to predict. A network of thousands of operations may need
// OpenTrusted.
func (m *Model) Portable() error {
	if err := m.made(); err != nil {
		return public("Portable", err)
	}
	_, _, netErr, configErr := m.encoded()
	return public("Portable", errors.Join(netErr, configErr))
}
