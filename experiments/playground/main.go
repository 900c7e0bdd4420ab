// Command playground shows networks that a browser trains: it builds the page's program for WebAssembly, from the library that you
// import, and serves it together with the page. Nothing is loaded from elsewhere.
//
//	go run ./experiments/playground             # prints the address
//	go run ./experiments/playground -site DIR   # writes a folder that any static server can host
//	go run ./experiments/playground -help
//
// The page's scripts are in site. The program is the package worker, which runs in a Web Worker: it answers the page's messages and
// trains in slices of 50 ms between them. Every pane is a package in internal/panes, which knows no browser, and a script in site.
// The weights' hash in the page's corner is that of the program which the pane shows, run with NNDIY_CPU=generic.
//
// On a processor with AVX-512, Chromium trains the network of the pane Plane, 2-16-16-2 at batch 10, with 19,000 steps a second, and
// 99% of the page's frames come within 17 ms meanwhile.
//
// # Size
//
// With all panes the program has 3.02 MB in brotli, with only Plane and Graph 2.76 MB. It had 4.57 MB without any pane, before the second measure:
//
//   - No tables for debuggers: -trimpath -ldflags="-s -w".
//   - Empty forms of three modules, see folder slim. gorgonia.org/tensor registers types of protobuf when the program starts. That
//     calls reflect.Type.MethodByName with a name that the linker does not know, so it keeps all exported methods of all types: LAPACK,
//     gob, Arrow, templates. gorgonia imports gographviz for its drawings, which writes text by templates, and those call methods
//     by name, too. The page never writes protobuf, and draws by itself.
//
// What is left, in percent of the machine code: tensor's kernels for every element type, which its one engine refers to (20), our
// operations, kernels and models (27), the rest of tensor and gorgonia (11), our layers, losses, metrics and optimizers, all of which
// register themselves for model files (6), Go's runtime (10), reflect, JSON, regexp and fmt (7), templates that gorgonia parses when it
// starts (2). A third of the program is not code but data, most of it tables of Go's runtime with a row for each function.
//
// # To add a pane
//
// Write a type with the methods of panes.Pane, add it to worker/panes.go, write a script like site/graph.js, and add it to site/panes.js.
// Show the Go code of its network, made by internal/code, and compile it in a test with codetest.Check. Drive it in a test with
// open, which starts Chromium: go test ./experiments/playground -long. With -screenshots DIR the tests also write pictures of the panes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/nndiy/nndiy/experiments/internal/command"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("playground", flag.ContinueOnError)
	address := f.String("address", "localhost:8080", "`host:port` to listen at; port 0 means any free port")
	dir := f.String("site", "", "write the site to this `folder`, with brotli and gzip files, instead of serving it")
	err := command.ParseFlags(f, "trains networks in a browser.", args, stdout)
	if err == nil {
		err = command.Apart(f, "site", "address")
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "playground: %v\n", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := playground(ctx, *address, *dir, stdout); err != nil {
		fmt.Fprintf(stderr, "playground: %v\n", err)
		return 1
	}
	return 0
}

// announcedBuild says that it builds the site, which takes some seconds.
func announcedBuild(ctx context.Context, stdout io.Writer) (site, error) {
	fmt.Fprintln(stdout, "building the page's program ...")
	return build(ctx)
}

// playground builds the site, and writes it to a folder, or serves it if dir is "".
func playground(ctx context.Context, address, dir string, stdout io.Writer) error {
	if dir != "" {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("-site: %w", err)
		}
		s, err := announcedBuild(ctx, stdout)
		if err != nil {
			return err
		}
		return s.write(dir, stdout)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("-address: %w", err)
	}
	defer listener.Close()
	s, err := announcedBuild(ctx, stdout)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "http://%v\n", listener.Addr())
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
