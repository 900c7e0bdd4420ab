// Command serve serves the predictions of a model over HTTP.
//
//	go run ./experiments/serve -model model.safetensors
//	curl -d '{"inputs": [[0, 0.5, ...]]}' localhost:8080/predict    # {"outputs":[[0.01,...]]}
//	go run ./experiments/serve -help
//
// A request may contain any number of samples up to a limit, as JSON or, faster, as a NumPy .npy array of any numeric type,
// such as pixels as bytes if the model's first layer is layers.Rescale:
//
//	curl --data-binary @samples.npy -H 'Content-Type: application/x-npy' -H 'Accept: application/x-npy' localhost:8080/predict
//
// A model of raw rows, such as experiments/table writes, also takes JSON objects with the columns' names:
//
//	curl -d '{"rows": [{"age": 41, "city": "Lyon"}]}' localhost:8080/predict    # {"answers":[{"value":"yes","scores":{"no":0.1,"yes":0.9}}]}
//
// All samples of a request have the same shape. If the model's input has dimensions of any size, which GET / shows as -1, each request
// has sizes of its own.
//
// The other paths are GET / (the shapes), /healthz and /metrics (for Prometheus). An error is answered as {"error": "..."} with
// a status of 400 or above. Ctrl-C stops the server after it has answered the requests under way.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/nndiy/nndiy/graph"
	_ "github.com/nndiy/nndiy/graph/onnx" // registers the types that model files name
	_ "github.com/nndiy/nndiy/layers"
	_ "github.com/nndiy/nndiy/losses"
	_ "github.com/nndiy/nndiy/metrics"
	_ "github.com/nndiy/nndiy/optimizers"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program; it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	err := start(ctx, args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp), err == nil:
		return 0
	case errors.As(err, new(usageError)):
		fmt.Fprintln(stderr, "serve:", err)
		return 2
	}
	fmt.Fprintln(stderr, "serve:", strings.Join(strings.Fields(err.Error()), " "))
	return 1
}

// A usageError is an error in the arguments.
type usageError struct{ error }

// start opens the model and serves it until the context ends.
func start(ctx context.Context, args []string, stdout io.Writer) error {
	var s settings
	var file, address string
	var trust bool
	f := flag.NewFlagSet("serve", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&file, "model", "", "model `file`, as graph.Model.SaveFile writes it")
	f.BoolVar(&trust, "trust", false, "trust the file: its network may need much more memory than the size of the file suggests")
	f.StringVar(&address, "address", "localhost:8080", "`host:port` to listen at; port 0 means any free port")
	f.Int64Var(&s.MaxBody, "max-body", 16<<20, "maximum size of a request's body, in `bytes`")
	f.IntVar(&s.MaxSamples, "max-samples", 4096, "maximum number of samples in a request")
	f.IntVar(&s.MaxSize, "max-size", 4096, "maximum size of a dimension of the input that the model leaves open, such as the time; 0 means no limit")
	f.IntVar(&s.MaxRunning, "max-running", 32, "maximum number of requests at once; others get status 503 and Retry-After")
	f.IntVar(&s.Gather, "gather", 64, "predict waiting requests as one batch of at most this many samples; 0 means each request by itself")
	f.DurationVar(&s.Timeout, "timeout", 10*time.Second, "time limit to read a request, and again to answer it")
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(stdout, "serve serves the predictions of a model over HTTP.\n\nFlags:\n")
		f.SetOutput(stdout)
		f.PrintDefaults()
		return err
	case err != nil:
		return usageError{fmt.Errorf("%w; -help lists the flags", err)}
	case f.NArg() > 0:
		return usageError{fmt.Errorf("got argument %q, want flags only; -help lists them", f.Arg(0))}
	case file == "":
		return usageError{errors.New("-model: got no file, want a model; -help lists the flags")}
	}
	open := graph.Open
	if trust {
		open = graph.OpenTrusted
	}
	m, err := open(file)
	if err != nil {
		return err
	}
	server, err := newServer(m, s)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "serving %s at http://%s, Ctrl-C stops\n", file, l.Addr())
	if err := server.serve(ctx, l); err != nil {
		return err
	}
	fmt.Fprintln(stdout, "stopped")
	return nil
}
