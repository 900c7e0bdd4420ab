package latent

import (
	"testing"

	"github.com/nndiy/nndiy/experiments/playground/internal/codetest"
)

func TestCode(t *testing.T) { codetest.Compile(t, map[string]string{"vae": program()}) }
