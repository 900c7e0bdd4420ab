package layers_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// A model of raw rows: numbers, some of them missing, categories and dates. Its file answers raw rows, without any code about them.
func ExampleColumns() {
	const flats = "size,city,built,rent\n30,Lyon,1990-05-01,500\n,Oslo,2001-02-03,1100\n70,Oslo,1950-01-01,1500\n45,Lyon,2010-07-09,700\n"
	table, err := datasets.CSV{Target: []string{"rent"}}.Read(strings.NewReader(flats), "flats.csv")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table)
	columns, err := layers.Columns{}.Adapt(table) // the training rows
	if err != nil {
		log.Fatal(err)
	}
	data, err := columns.Arrays(table)
	if err != nil {
		log.Fatal(err)
	}
	model, err := graph.Compile(layers.Sequential{columns, layers.Dense{Units: 16}, layers.ReLU{}, columns.Head()},
		graph.Config{Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{LearningRate: 0.01}, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := model.Fit(context.Background(), data, graph.FitConfig{Epochs: 300}); err != nil {
		log.Fatal(err)
	}
	answers, err := model.PredictRows(context.Background(), []map[string]any{{"size": 30, "city": "Lyon", "built": "1990-05-01"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.0f\n", answers[0].Value)
	// Output:
	// 4 rows, 4 columns
	// column  kind      missing  distinct  values
	// size    number    1        3         30 … 45 … 45 … 70 … 70
	// city    category  0        2         "Lyon" × 2, "Oslo" × 2
	// built   time      0        4         1950-01-01 … 1990-05-01 … 2001-02-03 … 2001-02-03 … 2010-07-09
	// rent    number *  0        4         500 … 700 … 1100 … 1100 … 1500
	// 500
}
