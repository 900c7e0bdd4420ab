package callbacks_test

import (
	"context"
	"io"
	"math"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	lossfns "github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// BenchmarkLive trains with Live and without in turns, within one run, while a page is open that reads the stream. It reports how
// much longer a step takes with Live, the median over pairs of turns, and the part of the time that training waits for Live.Handle.
func BenchmarkLive(b *testing.B) {
	const turn = 25 * time.Millisecond
	for _, c := range []struct {
		name  string
		units []int // input, hidden, output
		batch int
	}{{"plane-2-16-16-2-batch-10", []int{2, 16, 16, 2}, 10}, {"digits-784-256-128-10-batch-32", []int{784, 256, 128, 10}, 32}} {
		b.Run(c.name, func(b *testing.B) {
			net := layers.Sequential{}
			for _, n := range c.units[1:] {
				net = append(net, layers.Dense{Units: n}, layers.Tanh{})
			}
			m, err := graph.Compile(append(net[:len(net)-1], layers.Softmax{}), graph.Config{
				Input: c.units[:1], Loss: lossfns.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{},
			})
			require.NoError(b, err)
			l := &callbacks.Live{Addr: "localhost:0", Writer: io.Discard}
			require.NoError(b, l.Listen())
			defer l.Close()
			page, err := http.Get(l.URL() + "events")
			require.NoError(b, err)
			defer page.Body.Close()
			go io.Copy(io.Discard, page.Body)

			empty := time.Hour // what the clock measures of nothing
			for range 100 {
				sum := time.Duration(0)
				for range 1000 {
					start := time.Now()
					sum += time.Since(start)
				}
				empty = min(empty, sum/1000)
			}
			var with, inside time.Duration
			var ratios []float64 // of a turn with Live to the turn without before it, in time for a step
			var last float64     // seconds for a step of the turn without
			on, began, steps := false, time.Time{}, 0
			handle := func(r *graph.Run, e graph.Event) error {
				start := time.Now()
				if began.IsZero() {
					began = start
				}
				if e == graph.StepBegin && start.Sub(began) >= turn {
					each := start.Sub(began).Seconds() / float64(steps)
					if on {
						with += start.Sub(began)
						ratios = append(ratios, each/last)
					}
					on, began, last, steps = !on, start, each, 0
				}
				if e == graph.StepEnd {
					steps++
				}
				var err error
				start = time.Now() // in both kinds of turns, for it takes time
				if on || e != graph.StepBegin && e != graph.StepEnd {
					err = l.Handle(r, e)
				}
				if passed := time.Since(start) - empty; on {
					inside += passed
				}
				return err
			}
			n := 100 * c.batch
			x := tensor.New(tensor.WithShape(n, c.units[0]), tensor.WithBacking(make([]float32, n*c.units[0])))
			y := tensor.New(tensor.WithShape(n), tensor.WithBacking(make([]float32, n)))
			for i := range x.Float32s() {
				x.Float32s()[i] = float32(i%7) / 7
			}
			b.ResetTimer()
			_, err = m.Fit(context.Background(), graph.Arrays{X: x, Y: y}, graph.FitConfig{
				Epochs: math.MaxInt32, BatchSize: c.batch, MaxSteps: b.N, Callbacks: []graph.Callback{graph.CallbackFunc(handle)},
			})
			require.NoError(b, err)
			if len(ratios) > 0 {
				slices.Sort(ratios)
				b.ReportMetric(100*(ratios[len(ratios)/2]-1), "%slower")
				b.ReportMetric(100*inside.Seconds()/with.Seconds(), "%inside")
			}
		})
	}
}
