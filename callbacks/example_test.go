package callbacks_test

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"os"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// epochs sends the events of a run with the given losses, as graph.Model.Fit does.
func epochs(losses []float64, list ...graph.Callback) {
	r := &graph.Run{Config: graph.FitConfig{Epochs: len(losses), Callbacks: list}, Rate: 0.1, Steps: 1}
	send := func(e graph.Event) (stop bool) {
		for _, c := range list {
			if err := c.Handle(r, e); err != nil {
				stop = true
			}
		}
		return stop
	}
	stop := send(graph.TrainBegin)
	for i := 0; i < len(losses) && !stop; i++ {
		r.Epoch = i + 1
		stop = send(graph.EpochBegin)
		r.Logs = graph.Logs{"train_loss": losses[i], "learning_rate": r.Rate}
		stop = send(graph.EpochEnd) || stop
	}
	send(graph.TrainEnd)
}

// Early stopping, a schedule and a log, as in graph.FitConfig.Callbacks.
func Example() {
	stopping := &callbacks.EarlyStopping{Patience: 2}
	epochs([]float64{0.9, 0.5, 0.6, 0.7, 0.4}, stopping,
		callbacks.TimeDecay{Decay: 0.5},
		&callbacks.CSVLog{Writer: os.Stdout},
	)
	fmt.Println("best:", stopping.Best, "in epoch", stopping.BestEpoch)
	// Output:
	// epoch,train_loss,learning_rate
	// 1,0.9,0.1
	// 2,0.5,0.06666666666666667
	// 3,0.6,0.03333333333333333
	// 4,0.7,0.013333333333333334
	// best: 0.5 in epoch 2
}

// A warm-up of two epochs, then a cosine.
func ExampleCosineDecay() {
	epochs(make([]float64, 6), &callbacks.CosineDecay{Warmup: 2, MinRate: 0.01}, printRate)
	// Output: 0.0500 0.1000 0.1000 0.0868 0.0550 0.0232
}

// Any function of the epoch can be a schedule.
func ExampleSchedule() {
	epochs(make([]float64, 4), callbacks.Schedule(func(epoch int) float64 { return 0.1 / math.Sqrt(float64(epoch)) }), printRate)
	// Output: 0.1000 0.0707 0.0577 0.0500
}

// Two runs on one page. A real program does not set Writer, which prints the address of the page.
func ExampleLive() {
	live := &callbacks.Live{Addr: "localhost:0", Writer: io.Discard}
	defer live.Close()
	for _, rate := range []float64{0.1, 0.01} {
		live.Name = fmt.Sprint("rate ", rate)
		epochs([]float64{0.9, 0.5, 0.4}, live)
	}
	page, err := http.Get(live.URL())
	if err != nil {
		fmt.Println(err)
		return
	}
	page.Body.Close()
	fmt.Println(page.Status, page.Header.Get("Content-Type"))
	// Output: 200 OK text/html; charset=utf-8
}

// printRate prints the learning rate of each epoch.
var printRate = graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
	switch e {
	case graph.EpochEnd:
		fmt.Printf("%.4f ", r.Rate)
	case graph.TrainEnd:
		fmt.Println()
	}
	return nil
})
