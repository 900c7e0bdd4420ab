// Command serve answers predictions of a model over HTTP.
//
//	go run ./experiments/serve -model model.safetensors
//	curl -d '{"inputs": [[0, 0.5, ...]]}' localhost:8080/predict    # {"outputs":[[0.01,...]]}
//	go run ./experiments/serve -help
//
// A request may have any number of samples up to a limit. Numbers go as JSON or, faster, as NumPy's .npy of any numbers, such as
// pixels of a byte if the model begins with layers.Rescale:
//
//	curl --data-binary @samples.npy -H 'Content-Type: application/x-npy' -H 'Accept: application/x-npy' localhost:8080/predict
//
// Beside POST /predict there are GET / (the shapes), /healthz and /metrics (for Prometheus). What goes wrong is told as
// {"error": "..."} with a status of 400 and up. Ctrl-C stops it when the requests that are there have been answered.
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
	_ "github.com/nndiy/nndiy/graph/onnx" // the types of the model's layers
	_ "github.com/nndiy/nndiy/layers"
	_ "github.com/nndiy/nndiy/losses"
	_ "github.com/nndiy/nndiy/metrics"
	_ "github.com/nndiy/nndiy/optimizers"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends it at once
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

// A usageError is a mistake in the arguments.
type usageError struct{ error }

// start loads the model and serves it until the context ends.
func start(ctx context.Context, args []string, stdout io.Writer) error {
	var s settings
	var file, address string
	var trust bool
	f := flag.NewFlagSet("serve", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&file, "model", "", "`file` of the model, as graph.Model.SaveFile writes it")
	f.BoolVar(&trust, "trust", false, "the file is known to be good: the network may be larger than is in proportion to it")
	f.StringVar(&address, "address", "localhost:8080", "`host:port` to listen at; port 0 is any free one")
	f.Int64Var(&s.MaxBody, "max-body", 16<<20, "bytes of a request at most")
	f.IntVar(&s.MaxSamples, "max-samples", 4096, "samples in a request at most")
	f.IntVar(&s.MaxRunning, "max-running", 32, "requests at once at most; more are told to come again")
	f.IntVar(&s.Gather, "gather", 64, "samples, at most, of requests that wait and are predicted as one batch; 0 for each by itself")
	f.DurationVar(&s.Timeout, "timeout", 10*time.Second, "time to read a request, and to answer it")
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(stdout, "serve answers predictions of a model over HTTP.\n\nFlags:\n")
		f.SetOutput(stdout)
		f.PrintDefaults()
		return err
	case err != nil:
		return usageError{fmt.Errorf("%w; -help lists the flags", err)}
	case f.NArg() > 0 || file == "":
		return usageError{errors.New("want -model and other flags, and no arguments; -help lists them")}
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
