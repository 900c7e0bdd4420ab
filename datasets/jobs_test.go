package datasets_test

import (
	"context"
	"fmt"
	"image/color"
	"iter"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/search"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// must ends the program after an error. It is all that the examples below share; TestJobs counts their lines.
func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

var ctx = context.Background()

// A table becomes a classifier that answers raw rows.
func Example_jobTable() {
	table := must(datasets.CSV{Target: []string{"species"}}.Open("../experiments/table/data/iris.csv"))
	parts := must(datasets.Splitter{Labels: must(table.Strings("species")), Seed: 1}.Parts(table.Len(), 0.8, 0.2))
	train, test := must(table.Take(parts[0])), must(table.Take(parts[1]))
	columns := must(layers.Columns{}.Adapt(train))
	model := must(graph.Compile(layers.Sequential{columns, layers.Dense{Units: 32}, layers.ReLU{}, columns.Head()}, graph.Config{
		Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{LearningRate: 0.01}, Metrics: []graph.Metric{metrics.Accuracy{}}, Seed: 1,
	}))
	must(model.Fit(ctx, must(columns.Arrays(train)), graph.FitConfig{Epochs: 40}))
	logs := must(model.Evaluate(ctx, must(columns.Arrays(test))))
	answers := must(model.PredictRows(ctx, []map[string]any{{"petal length": 1.4, "petal width": 0.2, "sepal length": 5.1, "sepal width": 3.5}}))
	fmt.Println(logs["accuracy"] > 0.9, answers[0].Value)
	// Output: true setosa
}

// A model of raw rows is saved, and another program that opens its file answers raw rows.
func Example_jobSavedRows() {
	type flat struct {
		Size float64
		City string
		Rent float64 `table:",target"`
	}
	table := must(datasets.Structs([]flat{{30, "Lyon", 500}, {70, "Oslo", 1500}, {45, "Lyon", 700}, {50, "Oslo", 1100}}))
	columns := must(layers.Columns{}.Adapt(table))
	model := must(graph.Compile(layers.Sequential{columns, layers.Dense{Units: 16}, layers.Tanh{}, columns.Head()},
		graph.Config{Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{LearningRate: 0.02}, Seed: 1}))
	must(model.Fit(ctx, must(columns.Arrays(table)), graph.FitConfig{Epochs: 300}))
	path := filepath.Join(os.TempDir(), "flats.safetensors")
	defer os.Remove(path)
	must(path, model.SaveFile(path))
	answers := must(must(graph.Open(path)).PredictRows(ctx, []map[string]any{{"Size": 30, "City": "Lyon"}}))
	fmt.Printf("%.0f\n", answers[0].Value)
	// Output: 500
}

// Texts in a table, each as the words that it contains.
func Example_jobText() {
	const mails = "text,kind\nwin money now,spam\ncheap money for you,spam\nwin a cheap prize now,spam\nsee you at lunch,mail\nlunch at noon for us,mail\nthe report for monday,mail\n"
	table := must(datasets.CSV{Target: []string{"kind"}, Kinds: map[string]graph.Kind{"text": graph.KindText}}.Read(strings.NewReader(mails), "mails"))
	bag := layers.Group{Names: []string{"text"}, Layers: []graph.Layer{layers.Tokens{MinCount: 1}}}
	columns := must(layers.Columns{Groups: []layers.Group{bag}}.Adapt(table))
	model := must(graph.Compile(layers.Sequential{columns, columns.Head()},
		graph.Config{Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{LearningRate: 0.05}, Seed: 1}))
	must(model.Fit(ctx, must(columns.Arrays(table)), graph.FitConfig{Epochs: 60}))
	answers := must(model.PredictRows(ctx, []map[string]any{{"text": "cheap money"}, {"text": "lunch on monday"}}))
	fmt.Println(answers[0].Value, answers[1].Value)
	// Output: spam mail
}

// A folder of pictures becomes a classifier, which answers pictures by the preparation and the names in its file.
func Example_jobPictures() {
	folder := drawFolder()
	defer os.RemoveAll(folder)
	set := must(datasets.Pictures{Picture: datasets.Picture{Height: 8, Width: 8}}.Open(folder))
	model := must(graph.Compile(layers.Sequential{
		layers.RandomFlip{}, layers.Conv2D{Filters: 4, Kernel: []int{3}}, layers.ReLU{}, layers.Flatten{}, layers.Dense{Units: set.Classes.Len()}, layers.Softmax{},
	}, graph.Config{Input: set.Input(), Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{LearningRate: 0.01}, Seed: 1}))
	must(0, set.StoreIn(model))
	must(0, set.Classes.StoreIn(model))
	must(model.Fit(ctx, datasets.Prefetch{From: set}, graph.FitConfig{Epochs: 20, BatchSize: 5}))
	pred := must(datasets.PredictImage(ctx, model, plain(color.RGBA{180, 10, 10, 255})))
	fmt.Println(must(must(datasets.StoredClasses[string](model)).Predicted(pred)))
	// Output: [red]
}

// A series is cut into windows, and the next hours are forecast from those before.
func Example_jobSeries() {
	var s datasets.Series
	values := make([]float32, 600)
	for i := range values {
		values[i] = float32(math.Sin(2 * math.Pi * float64(i) / 24))
		s.Time = append(s.Time, time.Date(2024, 1, 1, i, 0, 0, 0, time.UTC))
	}
	s.Values = must(datasets.Join(tensor.New(tensor.WithShape(600), tensor.WithBacking(values)), must(datasets.Calendar(s.Time, datasets.HourOfDay))))
	parts := must(must(datasets.Windows{Length: 12, Horizon: 6, Targets: []int{0}}.Of(s)).Split(0.7, 0.15))
	net := layers.Sequential{layers.Flatten{}, layers.Dense{Units: 32}, layers.ReLU{}, layers.Dense{Units: 6}, layers.Reshape{Shape: []int{6, 1}}}
	model := must(graph.Compile(net, graph.Config{Input: []int{12, 3}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{LearningRate: 0.01}, Seed: 1}))
	must(model.Fit(ctx, parts[0], graph.FitConfig{Epochs: 40, Valid: parts[1]}))
	fmt.Println(must(model.Evaluate(ctx, parts[2]))["loss"] < 0.01)
	// Output: true
}

// A stream has no length; it is shuffled in a buffer, prepared by several goroutines, and trained on.
func Example_jobStream() {
	stream := datasets.Stream(func(rng *rand.Rand) iter.Seq2[graph.Batch, error] {
		return func(yield func(graph.Batch, error) bool) {
			for i := 0; i < 500 && yield(graph.Batch{X: tensor.New(tensor.WithShape(1, 1), tensor.WithBacking([]float32{float32(i) / 500}))}, nil); i++ {
			}
		}
	})
	double := func(b graph.Batch, _ *rand.Rand) (graph.Batch, error) {
		return graph.Batch{X: b.X, Y: must(b.X.MulScalar(float32(2), true))}, nil
	}
	train := datasets.Prefetch{From: datasets.Map{From: datasets.Shuffle{From: stream, Buffer: 100}, Func: double}}
	model := must(graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{1}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{LearningRate: 0.1}, Seed: 1}))
	history := must(model.Fit(ctx, train, graph.FitConfig{Epochs: 20, BatchSize: 25}))
	fmt.Println(history.Series("train_loss")[19] < 1e-3)
	// Output: true
}

// A model is trained and judged on each of five folds.
func Example_jobFolds() {
	table, sum := must(datasets.CSV{Target: []string{"species"}}.Open("../experiments/table/data/iris.csv")), 0.0
	for _, fold := range must(datasets.Splitter{Labels: must(table.Strings("species")), Seed: 1}.Folds(table.Len(), 5)) {
		train, valid := must(table.Take(fold.Train)), must(table.Take(fold.Valid))
		columns := must(layers.Columns{}.Adapt(train))
		model := must(graph.Compile(layers.Sequential{columns, columns.Head()}, graph.Config{
			Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{LearningRate: 0.05}, Metrics: []graph.Metric{metrics.Accuracy{}}, Seed: 1,
		}))
		must(model.Fit(ctx, must(columns.Arrays(train)), graph.FitConfig{Epochs: 60}))
		sum += must(model.Evaluate(ctx, must(columns.Arrays(valid))))["accuracy"]
	}
	fmt.Println(sum/5 > 0.9)
	// Output: true
}

// A search gives more epochs only to the better learning rates.
func Example_jobSearch() {
	train, valid := datasets.TwoGaussians(400, 1), datasets.TwoGaussians(200, 2)
	results := must(search.Halving[float64]{Budgets: []int{1, 3, 9}, Random: search.Random[float64]{
		Draw: func(rng *rand.Rand) float64 { return math.Pow(10, -4+4*rng.Float64()) }, Trials: 9, Seed: 1, Parallel: 2, Minimize: true,
		Run: func(ctx context.Context, t search.Trial[float64]) (float64, error) {
			net := layers.Sequential{layers.Dense{Units: 8}, layers.Tanh{}, layers.Dense{Units: 1}, layers.Sigmoid{}}
			model := must(graph.Compile(net, graph.Config{Input: []int{2}, Loss: losses.BinaryCrossEntropy{}, Optimizer: optimizers.Adam{LearningRate: t.Settings}, Seed: 1}))
			must(model.Fit(ctx, train, graph.FitConfig{Epochs: t.Budget}))
			return must(model.Evaluate(ctx, valid))["loss"], nil
		},
	}}.Search(ctx))
	fmt.Println(results[0].Budget, results[0].Settings > 1e-3, results[0].Score < 0.1)
	// Output: 9 true true
}

// A classifier is judged: the report of each class, the area under its ROC curve, the best threshold, and how sure it may be.
func Example_jobJudging() {
	train, test := datasets.TwoGaussians(400, 1), datasets.TwoGaussians(200, 2)
	model := must(graph.Compile(layers.Sequential{layers.Dense{Units: 8}, layers.Tanh{}, layers.Dense{Units: 1}, layers.Sigmoid{}},
		graph.Config{Input: []int{2}, Loss: losses.BinaryCrossEntropy{}, Optimizer: optimizers.Adam{LearningRate: 0.01}, Seed: 1}))
	must(model.Fit(ctx, train, graph.FitConfig{Epochs: 20, Callbacks: []graph.Callback{&callbacks.EarlyStopping{Monitor: "train_loss"}}}))
	pred := must(model.Predict(ctx, test.X))
	threshold, _, err := metrics.BestThreshold(pred, test.Y, func(c *metrics.Confusion) float64 { return c.F1(1) })
	table := must(metrics.ConfusionMatrixAt(pred, test.Y, must(threshold, err)))
	curve := must(metrics.Calibration(pred, test.Y, 10))
	importance, _, err := metrics.PermutationImportance(ctx, model, test, metrics.AUC{}, 5, 1)
	fmt.Println(table.Accuracy() > 0.98, metrics.AUC{}.Score(pred, test.Y) > 0.99, curve.Error() < 0.1, len(must(importance, err)))
	// Output: true true true 2
}

// A table that is larger than memory is read again in each pass, and shuffled in a buffer.
func Example_jobLargeTable() {
	rows := must(datasets.CSV{Target: []string{"progression"}}.Stream("../experiments/table/data/diabetes.csv"))
	columns := must(layers.Columns{}.Adapt(rows))
	model := must(graph.Compile(layers.Sequential{columns, layers.Dense{Units: 16}, layers.SiLU{}, columns.Head()},
		graph.Config{Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{LearningRate: 0.01}, Metrics: []graph.Metric{metrics.R2{}}, Seed: 1}))
	train := datasets.Shuffle{From: columns.Dataset(rows), Buffer: 200}
	history := must(model.Fit(ctx, train, graph.FitConfig{Epochs: 20, BatchSize: 32}))
	fmt.Println(history.Series("train_r2")[19] > 0.4)
	// Output: true
}
