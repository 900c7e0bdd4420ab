package main

import (
	"bytes"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/graph"
)

var long = flag.Bool("long", false, "train the networks again, which takes some minutes, and compare the files")

const committed = "../../../site/data/"

// hashes are those of the weights after few steps. With -long, the whole training is compared instead.
var hashes = map[string]string{
	"classifier": "b6c2b2073ea736db",
	"denoiser":   "e6a5c1ae7e03873b",
	"vae":        "a08c84891bf0c4a5",
}

// TestTrain is the process that TestBits starts with portable kernels.
func TestTrain(t *testing.T) {
	dir := os.Getenv("PRETRAIN_DIR")
	if dir == "" {
		t.Skip("runs within TestBits")
	}
	steps := 3
	if *long {
		steps = 0
	}
	require.NoError(t, pretrain(dir, "", steps, os.Stdout))
}

// The same seed gives the same bits: of the committed files with -long, and of a few steps without.
func TestBits(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("portable Go has other bits where the compiler joins a product and a sum")
	}
	dir := t.TempDir()
	args := []string{"-test.run=^TestTrain$"}
	if *long {
		args = append(args, "-long", "-test.timeout=0")
	}
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), "NNDIY_CPU=generic", "PRETRAIN_DIR="+dir)
	out, err := c.CombinedOutput()
	require.NoError(t, err, string(out))
	for name, want := range hashes {
		t.Run(name, func(t *testing.T) {
			file, err := os.ReadFile(filepath.Join(dir, name+".safetensors"))
			require.NoError(t, err)
			if *long {
				want, err := os.ReadFile(committed + name + ".safetensors")
				require.NoError(t, err)
				assert.True(t, bytes.Equal(want, file), "got other bits than those of the committed file")
				return
			}
			w, err := graph.ReadWeights(bytes.NewReader(file))
			require.NoError(t, err)
			assert.Equal(t, want, panes.Hash(w))
		})
	}
}

// Faster kernels have other bits, so they are refused.
func TestKernels(t *testing.T) {
	if os.Getenv("NNDIY_CPU") == "generic" {
		t.Skip("the kernels are the portable ones")
	}
	err := pretrain(t.TempDir(), "", 1, io.Discard)
	assert.ErrorContains(t, err, "want generic: set NNDIY_CPU=generic")
}

// The page loads less than 1 MB of weights.
func TestSize(t *testing.T) {
	sum := int64(0)
	for _, task := range tasks {
		info, err := os.Stat(committed + task.name + ".safetensors")
		require.NoError(t, err)
		sum += info.Size()
	}
	assert.Less(t, sum, int64(800_000))
}
