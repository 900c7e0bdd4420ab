package denoise

import (
	"testing"

	"github.com/nndiy/nndiy/experiments/playground/internal/code/codetest"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
)

func TestCode(t *testing.T) {
	codetest.Check(t,
		program(trainer.Settings{Network: "conv", Rate: 0.002, Batch: 32, Seed: 1}),
		program(trainer.Settings{Network: "dense", Rate: 1e-5, Batch: 1, Seed: 1<<64 - 1}),
	)
}
