package lab

import (
	"fmt"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/atomicfile"
)

// The names of the files that FindRate writes.
const (
	RatePicture = "rate.png"
	RateFile    = "rate.csv"
)

// rateSteps is the number of steps in which FindRate tries rates.
const rateSteps = 200

// FindRate tries learning rates on a model, prints the rate that the RateFinder suggests, and writes RatePicture and RateFile. The
// model stays as it was.
func (l *Lab) FindRate(m *graph.Model, train graph.Dataset, title string) (float64, error) {
	finder := &callbacks.RateFinder{}
	_, err := m.Fit(l.Context, train, graph.FitConfig{BatchSize: l.Batch, MaxSteps: rateSteps, Callbacks: []graph.Callback{finder}})
	if err != nil {
		return 0, err
	}
	if err := atomicfile.Write(l.Path(RateFile), finder.WriteCSV); err != nil {
		return 0, err
	}
	rate, failed := finder.Suggestion()
	if err := (chart.Sweep{Title: title, Y: "loss", Points: finder.Points(), Suggestion: rate}).Save(l.Path(RatePicture)); err != nil {
		return 0, err
	}
	if failed == nil {
		fmt.Fprintf(l.Stdout, "learning rate: %.3g, where the loss falls fastest in %d steps; see %s\n\n", rate, len(finder.Points()), l.Path(RatePicture))
	}
	return rate, failed
}
