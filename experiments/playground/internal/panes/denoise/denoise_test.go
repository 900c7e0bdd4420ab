package denoise

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/playground/internal/ink/inktest"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/panestest"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
)

// loaded returns a pane that has its files.
func loaded(t testing.TB) *Pane {
	t.Helper()
	p := New()
	panestest.Load(t, p, map[string]string{"digits": "digits.gz", "weights": "denoiser.safetensors"})
	return p
}

// The network that was trained before removes noise from what was drawn: at least 5 dB from half of the pixels on.
func TestDrawings(t *testing.T) {
	p := loaded(t)
	for _, amount := range []float64{0.2, 0.5, 0.8} {
		t.Run(fmt.Sprint(amount), func(t *testing.T) {
			for digit, drawings := range inktest.Digits() {
				for i, strokes := range drawings {
					r := panestest.Ask(t, p, "clean", map[string]any{"strokes": strokes, "amount": amount, "noise": i})
					c := r.Value.(Cleaning)
					assert.GreaterOrEqual(t, c.Clean-c.Noisy, 5., "drawing %d of %d: got %.1f dB from %.1f dB", i, digit, c.Clean, c.Noisy)
					assert.Len(t, r.Arrays["clean"], 784)
				}
			}
		})
	}
}

// On test images the gain is at least 5 dB, too, on average.
func TestImages(t *testing.T) {
	p := loaded(t)
	for _, amount := range []float64{0.1, 0.5, 0.9} {
		t.Run(fmt.Sprint(amount), func(t *testing.T) {
			gain := 0.
			const images = 50
			for i := range images {
				c := panestest.Ask(t, p, "test", map[string]any{"index": i, "amount": amount, "noise": i}).Value.(Cleaning)
				gain += (c.Clean - c.Noisy) / images
			}
			t.Logf("gain at %v: %.2f dB", amount, gain)
			assert.GreaterOrEqual(t, gain, 5.)
		})
	}
}

// Noise replaces the fraction that it says by numbers from 0 to 1, and more noise keeps the pixels that less noise replaced.
func TestNoise(t *testing.T) {
	image := make([]float32, 784)
	for i := range image {
		image[i] = 2
	}
	assert.Equal(t, image, replace(image, 0, 1))
	assert.Equal(t, replace(image, 0.3, 7), replace(image, 0.3, 7))
	assert.NotEqual(t, replace(image, 0.3, 7), replace(image, 0.3, 8))
	few, many := replace(image, 0.3, 7), replace(image, 0.6, 7)
	n := 0
	for i := range few {
		if few[i] != 2 {
			n++
			assert.Equal(t, few[i], many[i])
			assert.True(t, few[i] >= 0 && few[i] < 1)
		}
	}
	assert.InDelta(t, 0.3*784, n, 40)
	for _, v := range replace(image, 1, 7) {
		assert.Less(t, v, float32(1))
	}
}

func TestPSNR(t *testing.T) {
	assert.Equal(t, 99., psnr([]float32{1, 0}, []float32{1, 0}))
	assert.InDelta(t, 20, psnr([]float32{0.1, 0.9}, []float32{0, 1}), 1e-5)
}

// Training in the page removes noise better and better.
func TestTraining(t *testing.T) {
	for network, steps := range map[string]int{"dense": 400, "conv": 60} {
		t.Run(network, func(t *testing.T) {
			p := loaded(t)
			panestest.Ask(t, p, "set", map[string]any{"network": network, "seed": 3})
			panestest.Ask(t, p, "run", map[string]any{"on": true})
			for p.Train.Steps < steps {
				more, err := p.Step(time.Now().Add(20 * time.Millisecond))
				require.NoError(t, err)
				require.True(t, more)
			}
			panestest.Ask(t, p, "run", map[string]any{"on": false})
			for more := true; more; {
				var err error
				more, err = p.Step(time.Now().Add(20 * time.Millisecond))
				require.NoError(t, err)
			}
			s := panestest.Ask(t, p, "state", nil).Value.(trainer.State)
			assert.Equal(t, 1000, s.Judged)
			assert.True(t, s.Measured)
			assert.Greater(t, s.Score, 3., "dB")
			assert.Less(t, s.Loss, 0.3)
		})
	}
}

func TestErrors(t *testing.T) {
	_, err := New().Handle("state", nil)
	assert.EqualError(t, err, `denoise: got the message "state" before load`)
	p := loaded(t)
	for _, c := range []struct{ op, args, want string }{
		{"dance", "", `denoise: dance: got the message "dance"`},
		{"set", `{"network": "deep"}`, `denoise: set: network: got "deep", want dense or conv`},
		{"step", `{"count": -1}`, "denoise: step: count: got -1, want 1 to 10000"},
		{"test", `{"index": -1}`, "denoise: test: index: got -1, want 0 to 999"},
		{"clean", `{"amount": 1.5}`, "denoise: clean: amount: got 1.5, want 0 to 1"},
	} {
		t.Run(c.want, func(t *testing.T) {
			_, err := p.Handle(c.op, json.RawMessage(c.args))
			assert.ErrorContains(t, err, c.want)
		})
	}
}
