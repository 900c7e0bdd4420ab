package graph_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// Open makes values of your own types if they are registered, here under the name "main.Gate" in package main.
func init() { graph.Register("", Gate{}) }

// Example_resume is the README's example of files: a run that resumes from a checkpoint, and a model that is opened.
func Example_resume() {
	dir, err := os.MkdirTemp("", "nndiy")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	checkpoint, file := filepath.Join(dir, "run.nndiy"), filepath.Join(dir, "model.nndiy")
	ctx := context.Background()
	train, valid := stripes()

	compile := func() (*graph.Model, error) {
		return graph.Compile(layers.Sequential{Gate{Units: 32}, layers.Dropout{Rate: 0.2}, layers.Dense{Units: 10}, layers.Softmax{}}, graph.Config{
			Input: []int{784}, Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{}, Metrics: []graph.Metric{metrics.Accuracy{}},
		})
	}
	var files [2][]byte
	for i := range files {
		model, err := compile()
		if err != nil {
			fmt.Println(err)
			return
		}
		history, err := model.Fit(ctx, train, graph.FitConfig{
			Epochs: 6, BatchSize: 32, Valid: valid,
			Resume: checkpoint, // resumes from this file if it exists, with the same bits as without a break
			Callbacks: []graph.Callback{
				&callbacks.EarlyStopping{Patience: 5, RestoreBest: true},
				&callbacks.Checkpoint{Path: checkpoint, EverySteps: 25},
			},
		})
		if err == nil {
			err = model.SaveFile(file)
		}
		if err == nil {
			files[i], err = os.ReadFile(file)
		}
		fmt.Println(len(history.Logs), err)
	}
	fmt.Println("same bits:", string(files[0]) == string(files[1]))

	model, err := graph.Open(file) // without the code that defined it
	if err != nil {
		fmt.Println(err)
		return
	}
	logs, err := model.Evaluate(ctx, valid)
	fmt.Println(logs["accuracy"], err)
	// Output:
	// 6 <nil>
	// 6 <nil>
	// same bits: true
	// 1 <nil>
}
