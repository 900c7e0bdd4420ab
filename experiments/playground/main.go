// Command playground shows networks that a browser trains: it builds the page's program for WebAssembly, from the library that you
// import, and serves it together with the page. Nothing is loaded from elsewhere.
//
//	go run ./experiments/playground             # prints the address
//	go run ./experiments/playground -site DIR   # writes a folder that any static server can host
//	go run ./experiments/playground -help
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
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("playground", flag.ContinueOnError)
	f.SetOutput(stderr)
	addr := f.String("addr", "localhost:8080", "address to listen on; port 0 means any free port")
	dir := f.String("site", "", "write the site to this folder, with brotli and gzip files, instead of serving it")
	f.Usage = func() {
		fmt.Fprint(stderr, "playground trains networks in a browser.\n\nUsage: playground [flags]\n\n")
		f.PrintDefaults()
	}
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case f.NArg() > 0:
		fmt.Fprintf(stderr, "playground: got the argument %q, want flags only\n", f.Arg(0))
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := playground(ctx, *addr, *dir, stdout); err != nil {
		fmt.Fprintf(stderr, "playground: %v\n", err)
		return 1
	}
	return 0
}

// playground builds the site, and writes or serves it.
func playground(ctx context.Context, addr, dir string, stdout io.Writer) error {
	fmt.Fprintln(stdout, "building the page's program ...")
	s, err := build(ctx)
	if err != nil {
		return err
	}
	if dir != "" {
		return s.write(dir, stdout)
	}
	listener, err := net.Listen("tcp", addr)
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
