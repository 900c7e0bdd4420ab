package lab

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
	"strings"
	"syscall"

	"github.com/nndiy/nndiy/experiments/internal/command"
)

// An Experiment is a program that trains a network and shows the results.
type Experiment struct {
	Name    string                  // name of the program
	About   string                  // for -help, after the name: "trains a network."
	Options Options                 // the defaults of the flags
	Files   []string                // names of the files that Run writes to the folder Options.Out
	Flags   func(*flag.FlagSet)     // declares additional flags; nil means none
	Check   func() error            // validates the additional flags; nil means that all values are valid
	Run     func(*Lab) (any, error) // trains, shows, and returns the value that -json prints

	MakesData bool   // images are read only if -data is given
	Samples   string // for -help: the samples of an experiment that never reads images, and so has no flag -data

	Without []string   // names of flags of Options that the experiment does not have, or declares itself in Flags
	Apart   [][]string // names of flags: beside the first of a list the others have no effect, and both are an error
}

// A Lab holds the flags and the data of a running experiment.
type Lab struct {
	Options
	Context context.Context // canceled by the first Ctrl-C; the second one ends the program
	Stdout  io.Writer
	Images  Images
}

// Main runs the experiment with the command's arguments and returns the exit status.
func (e Experiment) Main(args []string, stdout, stderr io.Writer) (status int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	l := &Lab{Options: e.Options, Context: ctx, Stdout: stdout}
	if err := e.prepare(l, args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		e.complain(stderr, err)
		return 2
	}
	result, err := e.Run(l)
	if err == nil && l.JSON {
		err = json.NewEncoder(stdout).Encode(result)
	}
	if err != nil {
		e.complain(stderr, err)
		return 1
	}
	return 0
}

// complain prints an error as one line.
func (e Experiment) complain(w io.Writer, err error) {
	fmt.Fprintf(w, "%s: %s\n", e.Name, strings.Join(strings.Fields(err.Error()), " "))
}

// prepare parses and checks the flags, opens the folder of results and loads the images.
func (e Experiment) prepare(l *Lab, args []string) error {
	f := flag.NewFlagSet(e.Name, flag.ContinueOnError)
	l.declare(f, e.MakesData, e.Samples, e.Without)
	if e.Flags != nil {
		e.Flags(f)
	}
	if err := command.ParseFlags(f, e.About, args, l.Stdout); err != nil {
		return err
	}
	if e.Check != nil {
		if err := e.Check(); err != nil {
			return err
		}
	}
	given := map[string]bool{} // flags that the user has set
	f.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if err := l.check(given, e.Without); err != nil {
		return err
	}
	for _, names := range e.Apart {
		if err := command.Apart(f, names[0], names[1:]...); err != nil {
			return err
		}
	}
	if err := l.open(e.Files); err != nil {
		return err
	}
	if e.Samples == "" && (!e.MakesData || l.Data != "") {
		return l.load(given["train"] || given["valid"])
	}
	return nil
}

// Path returns the path of a file in the folder of results.
func (l *Lab) Path(name string) string { return filepath.Join(l.Out, name) }
