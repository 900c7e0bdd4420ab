package latent

import (
	"testing"

	"github.com/nndiy/nndiy/experiments/playground/internal/code/codetest"
)

func TestCode(t *testing.T) { codetest.Check(t, program()) }
