package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/denoise"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/draw"
)

// digitsHashes are the networks whose weights after three steps the page and this process compare: pane, network, seed.
var digitsHashes = [][3]string{{"draw", "dense", "7"}, {"draw", "conv", "8"}, {"denoise", "dense", "9"}, {"denoise", "conv", "10"}}

// TestDigitsHash prints hashes, for TestDigitsHashPage, which runs it with portable kernels.
func TestDigitsHash(t *testing.T) {
	if os.Getenv("NNDIY_CPU") != "generic" {
		t.Skip("runs within TestDigitsHashPage")
	}
	for _, c := range digitsHashes {
		var p panes.Pane = draw.New()
		weights := "classifier"
		if c[0] == "denoise" {
			p, weights = denoise.New(), "denoiser"
		}
		files := map[string]any{}
		for key, name := range map[string]string{"digits": "digits.gz", "weights": weights + ".safetensors"} {
			content, err := embedded.ReadFile("site/data/" + name)
			require.NoError(t, err)
			files[key] = content
		}
		load, err := json.Marshal(files)
		require.NoError(t, err)
		var reply panes.Reply
		for _, m := range [][2]string{
			{"load", string(load)}, {"set", fmt.Sprintf(`{"network": %q, "seed": %s}`, c[1], c[2])}, {"step", `{"count": 3}`},
		} {
			reply, err = p.Handle(m[0], json.RawMessage(m[1]))
			require.NoError(t, err)
		}
		b, err := json.Marshal(reply.Value)
		require.NoError(t, err)
		var v struct{ Hash string }
		require.NoError(t, json.Unmarshal(b, &v))
		t.Logf("hash %s %s %s", c[0], c[1], v.Hash)
	}
}

// TestDigitsHashPage: the same seed gives the same weights in the page as in a process without a browser.
func TestDigitsHashPage(t *testing.T) {
	b := open(t)
	c := exec.Command(os.Args[0], "-test.run=^TestDigitsHash$", "-test.v")
	c.Env = append(os.Environ(), "NNDIY_CPU=generic")
	out, err := c.CombinedOutput()
	require.NoError(t, err, string(out))
	for _, c := range digitsHashes {
		t.Run(c[0]+" "+c[1], func(t *testing.T) {
			_, want, ok := strings.Cut(string(out), fmt.Sprintf("hash %s %s ", c[0], c[1]))
			require.True(t, ok, string(out))
			pane := "#pane-" + c[0]
			b.show(fmt.Sprintf("#%s?network=%s&seed=%s", c[0], c[1], c[2]))
			b.until(fmt.Sprintf(`document.querySelector('%s [name=seed]')?.value === '%s' && location.hash.includes('seed=%s') &&
				document.querySelector('%s .status').textContent.includes('weights')`, pane, c[2], c[2], pane))
			for range 3 {
				b.click(pane + " button[name=step]")
			}
			b.until(fmt.Sprintf(`document.querySelector('%s .status').textContent.includes('step 3 ')`, pane))
			assert.Equal(t, want[:16], eval[string](b, `document.getElementById('hash').textContent`))
		})
	}
}

// TestProgramWithoutMNIST: package datasets embeds all of MNIST, and the page's program, which imports it, does not contain it.
func TestProgramWithoutMNIST(t *testing.T) {
	if !*long {
		t.Skip("-long builds the page's program")
	}
	b, err := program(context.Background())
	require.NoError(t, err)
	for _, name := range []string{"train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"} {
		file, err := os.ReadFile("../../datasets/mnist/" + name)
		require.NoError(t, err)
		middle := file[len(file)/2:][:64]
		assert.False(t, bytes.Contains(b, middle), "the program contains %s", name)
	}
}
