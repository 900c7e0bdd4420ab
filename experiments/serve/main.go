// Command serve serves the predictions of a model over HTTP.
//
//	go run ./experiments/serve -model model.safetensors
//	curl -d '{"inputs": [[0, 0.5, ...]]}' localhost:8080/predict    # {"outputs":[[0.01,...]]}
//	go run ./experiments/serve -help
//
// Package graph/serve, which does the work, describes the requests: arrays as JSON or .npy, raw rows, pictures, streams. GET
// /openapi.json describes those of the model. Ctrl-C stops the server after it has answered the requests under way.
package main

import (
	"cmp"
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

	"github.com/nndiy/nndiy/experiments/internal/command"
	"github.com/nndiy/nndiy/graph"
	_ "github.com/nndiy/nndiy/graph/onnx" // registers the types that model files name
	"github.com/nndiy/nndiy/graph/serve"
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
	fmt.Fprintln(stderr, "serve:", strings.TrimPrefix(strings.Join(strings.Fields(err.Error()), " "), "serve: "))
	return 1
}

// A usageError is an error in the arguments.
type usageError struct{ error }

// start opens the model and serves it until the context ends.
func start(ctx context.Context, args []string, stdout io.Writer) error {
	var c serve.Config
	var file, address string
	var trust bool
	f := flag.NewFlagSet("serve", flag.ContinueOnError)
	f.StringVar(&file, "model", "", "model `file`, as graph.Model.SaveFile writes it")
	f.BoolVar(&trust, "trust", false, "trust the file: its network may need much more memory than the size of the file suggests")
	f.StringVar(&address, "address", "localhost:8080", "`host:port` to listen at; port 0 means any free port")
	f.Int64Var(&c.MaxBody, "max-body", 16<<20, "maximum size of a request's body, in `bytes`")
	f.IntVar(&c.MaxRows, "max-samples", 4096, "maximum number of samples or raw rows in a request")
	f.IntVar(&c.MaxSize, "max-size", 4096, "maximum size of a dimension of the input that the model leaves open, such as the time")
	f.IntVar(&c.MaxPixels, "max-pixels", 1<<24, "maximum number of pixels of a picture in a request")
	f.IntVar(&c.MaxRunning, "max-running", 32, "maximum number of requests at once; others get status 503 and Retry-After")
	f.IntVar(&c.Batch, "batch", 64, "predict waiting requests as one batch of at most this many samples; 1 means each request by itself")
	f.IntVar(&c.MaxStreams, "max-streams", 64, "maximum number of open streams")
	f.DurationVar(&c.StreamIdle, "stream-idle", 5*time.Minute, "end a stream after this time without a request")
	f.DurationVar(&c.Poll, "poll", 2*time.Second, "how often to look for a new version of the model file, which then replaces the model")
	f.DurationVar(&c.Timeout, "timeout", 10*time.Second, "time limit to read a request, again to predict, and again to answer it")
	switch err := command.ParseFlags(f, "serves the predictions of a model over HTTP.", args, stdout); {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return usageError{err}
	case file == "":
		return usageError{errors.New("-model: got no file, want a model; -help lists the flags")}
	}
	if err := cmp.Or(command.NoZero(f), c.Validate()); err != nil {
		return usageError{err}
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("-address: %w", err)
	}
	defer l.Close()
	c.Open = graph.Open
	if trust {
		c.Open = graph.OpenTrusted
	}
	m, err := c.Open(file)
	if err != nil {
		return err
	}
	h, err := serve.New(m, c)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "serving %s at http://%s, Ctrl-C stops\n", file, l.Addr())
	go h.Watch(ctx, file, func(err error) {
		if err != nil {
			fmt.Fprintf(stdout, "still serving the old model: %v\n", err)
		} else {
			fmt.Fprintf(stdout, "serving the new %s\n", file)
		}
	})
	if err := answer(ctx, h, l, cmp.Or(c.Timeout, 10*time.Second)); err != nil {
		return err
	}
	fmt.Fprintln(stdout, "stopped")
	return nil
}
