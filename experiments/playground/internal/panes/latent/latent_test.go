package latent

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/playground/internal/ink/inktest"
	"github.com/nndiy/nndiy/experiments/playground/internal/nets"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/panestest"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
	"github.com/nndiy/nndiy/graph"
)

// loaded returns a pane that has its file.
func loaded(t testing.TB) *Pane {
	t.Helper()
	p := New()
	r := panestest.Load(t, p, map[string]string{"weights": "vae.safetensors"})
	assert.Len(t, r.Arrays["codes"], 2000)
	return p
}

// The digits drawn at the codes of test images are what the classifier reads as the digits of these images, more often than not:
// two numbers cannot tell all of them apart.
func TestDigits(t *testing.T) {
	p := loaded(t)
	classifier, err := graph.Compile(nets.Conv(), graph.Config{Input: []int{784}})
	require.NoError(t, err)
	require.NoError(t, classifier.LoadFile(panestest.Data+"classifier.safetensors"))
	right, classes := 0, map[int]bool{}
	const images = 200
	for i := range images {
		r := panestest.Ask(t, p, "at", map[string]any{"x": p.codes[2*i], "y": p.codes[2*i+1]})
		assert.Equal(t, int(p.classes[i]), r.Value.(Place).Class, "the nearest test image is the one itself")
		y, err := trainer.Predict(classifier, 1, r.Arrays["image"])
		require.NoError(t, err)
		read := 0
		for c := range y {
			if y[c] > y[read] {
				read = c
			}
		}
		if read == int(p.classes[i]) {
			right++
		}
		classes[read] = true
	}
	assert.Greater(t, right, images*55/100)
	assert.GreaterOrEqual(t, len(classes), 8, "the plane has nearly all digits")
}

// The codes have about the standard normal distribution.
func TestCodes(t *testing.T) {
	p := loaded(t)
	var sum, square float64
	for _, v := range p.codes {
		sum += float64(v)
		square += float64(v) * float64(v)
	}
	n := float64(len(p.codes))
	assert.InDelta(t, 0, sum/n, 0.3)
	assert.InDelta(t, 1, math.Sqrt(square/n), 0.4)
}

// A cell of the map is the digit at its middle.
func TestMap(t *testing.T) {
	p := loaded(t)
	picture := panestest.Ask(t, p, "map", map[string]any{"columns": 4}).Arrays["picture"]
	require.Len(t, picture, 16*784)
	image := panestest.Ask(t, p, "at", map[string]any{"x": 0.75, "y": 2.25}).Arrays["image"] // third column, first row
	for i, v := range image {
		require.InDelta(t, v, picture[i/28*4*28+2*28+i%28], 1e-5)
	}
}

// What was drawn has a place in the plane, which does not depend on where on the sheet it was drawn.
func TestPlace(t *testing.T) {
	p := loaded(t)
	strokes := inktest.Digits()[0][2]
	r := panestest.Ask(t, p, "place", map[string]any{"strokes": strokes})
	assert.Equal(t, 0, r.Value.(Place).Class)
	assert.Len(t, r.Arrays["drawn"], 784)
}

func TestErrors(t *testing.T) {
	_, err := New().Handle("at", nil)
	assert.EqualError(t, err, `latent: got the message "at" before load`)
	_, err = New().Handle("load", json.RawMessage(`{"weights": "AAAA"}`))
	assert.ErrorContains(t, err, "latent: load: ")
	classifier, err := os.ReadFile(panestest.Data + "classifier.safetensors")
	require.NoError(t, err)
	b, err := json.Marshal(map[string]any{"weights": classifier})
	require.NoError(t, err)
	_, err = New().Handle("load", b)
	assert.ErrorContains(t, err, "latent: load: got a file without codes and classes, want one of pretrain")
	p := loaded(t)
	for _, c := range []struct{ op, args, want string }{
		{"dance", "", `latent: dance: got the message "dance"`},
		{"at", `{"x": 1e9}`, "latent: at: got the point (1e+09, 0), want numbers of at most 1000"},
		{"map", `{"columns": 41}`, "latent: map: columns: got 41, want 1 to 40"},
	} {
		t.Run(c.want, func(t *testing.T) {
			_, err := p.Handle(c.op, json.RawMessage(c.args))
			assert.ErrorContains(t, err, c.want)
		})
	}
}
