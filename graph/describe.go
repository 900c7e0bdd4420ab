package graph

import (
	"errors"
	"fmt"
	"strings"
)

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
