package main

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/ort"
)

// onnxruntime agrees on the scores of both agents.
func TestONNX(t *testing.T) {
	r, models := ort.Start(t), map[string]*graph.Model{}
	for name, create := range map[string]func(options, *rand.Rand) (agent, error){"policy": newPolicy, "dqn": newDQN} {
		a, err := create(options{seed: 1, rate: 1e-3, batch: 8}, rand.New(rand.NewPCG(1, 1)))
		require.NoError(t, err)
		models[name] = a.model()
	}
	labtest.ONNX(t, r, models)
}
