//go:build js && wasm

package main

import (
	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/denoise"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/draw"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/expression"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/latent"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/plane"
)

// newPanes returns all panes by name. Each has a file of its own in the site, too.
func newPanes() map[string]panes.Pane {
	return map[string]panes.Pane{
		"plane":   plane.New(),
		"draw":    draw.New(),
		"denoise": denoise.New(),
		"graph":   expression.Pane{},
		"latent":  latent.New(),
	}
}
