// Command table learns to predict a column of a table from the others, whatever the table: it prints a summary, chooses
// classification or regression, trains a residual network with early stopping, compares it with a linear model and a constant, and
// writes one model file that answers raw rows.
//
//	go run ./experiments/table                                  # the irises, which come with the program
//	go run ./experiments/table -data wine -folds 5              # or cancer, digits, diabetes; also the mean of 5 folds
//	go run ./experiments/table -csv cars.csv -target price
//	go run ./experiments/table -data diabetes -search 30        # tries settings first, and draws them
//	go run ./experiments/serve -model table-out/model.safetensors
//	curl -d '{"rows": [{"petal length": 1.4, "petal width": 0.2}]}' localhost:8080/predict
//
// Means of five folds over seeds 1 to 3, with the defaults (-folds 5), and of scikit-learn 1.2.1 on the same folds: MLPClassifier and
// MLPRegressor with max_iter=2000 behind a StandardScaler, GradientBoosting and HistGradientBoosting, otherwise with their defaults.
//
//	                     iris    wine    cancer  digits  diabetes (R²)
//	this network         0.969   0.976   0.973   0.982   0.460
//	MLP                  0.969   0.978   0.976   0.978   0.469
//	gradient boosting    0.947   0.950   0.957   0.966   0.415
//	  of histograms      0.942   0.976   0.967   0.974   0.386
//
// On digits, MLP has max_iter=200, and gradient boosting is of seed 1 only. The network's defaults were chosen on these tables with
// other seeds; over seeds 41 to 43, which were not used to choose, it has 0.964, 0.968, 0.974, 0.982 and 0.458.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/nndiy/nndiy/experiments/internal/lab"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program; it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "table: %v\n", err)
		return 2
	}
	if err := s.experiment(ctx, stdout); err != nil {
		fmt.Fprintln(stderr, "table:", err)
		return 1
	}
	return 0
}

// experiment is the recipe.
func (s settings) experiment(ctx context.Context, stdout io.Writer) error {
	if err := os.MkdirAll(s.Out, 0o755); err != nil {
		return fmt.Errorf("-out: %w", err)
	}

	// Data. A fifth of the rows are for the test.
	table, target, err := s.load()
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%v\n\n", table)
	rest, test, err := split(table, 0.2, s.Seed)
	if err != nil {
		return err
	}
	if s.Search > 0 {
		if s, err = s.search(ctx, stdout, rest); err != nil {
			return err
		}
		ctx = goOn(ctx, stdout)
	}

	// Fit: the network, and a linear model for comparison.
	deep, err := s.fit(ctx, rest, s.Seed, false)
	if err != nil {
		return err
	}
	var linear *trained // none after Ctrl-C
	if !deep.training.Interrupted {
		if linear, err = s.fit(ctx, rest, s.Seed, true); err != nil {
			return err
		}
		if linear.training.Interrupted {
			linear, deep.training.Interrupted = nil, true
		}
	}
	ctx = goOn(ctx, stdout)
	fmt.Fprintf(stdout, "%v\n\n", deep.model)

	// Save: the file answers raw rows.
	path := filepath.Join(s.Out, lab.Weights)
	if err := deep.model.SaveFile(path); err != nil {
		return err
	}

	// Show.
	res, err := s.show(ctx, stdout, shown{target: target, table: table, rest: rest, test: test, deep: deep, linear: linear, path: path})
	if err == nil && s.JSON {
		err = json.NewEncoder(stdout).Encode(res)
	}
	return err
}

// goOn returns a context to show the results with. After Ctrl-C it says so.
func goOn(ctx context.Context, w io.Writer) context.Context {
	if ctx.Err() == nil {
		return ctx
	}
	fmt.Fprintln(w, "interrupted; the results so far follow (Ctrl-C again ends the program)")
	return context.WithoutCancel(ctx)
}
