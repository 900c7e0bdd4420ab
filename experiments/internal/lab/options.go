package lab

import (
	"flag"
	"fmt"
	"math"
)

// Options are the settings that every experiment has, each one a flag; an experiment gives their defaults.
type Options struct {
	Train    int     // pictures to train on
	Valid    int     // pictures to validate with
	Epochs   int     // at most
	Batch    int     // pictures in a step
	Patience int     // epochs without improvement after which training ends
	LR       float64 // learning rate
	Seed     uint64  // of everything random
	Data     string  // folder of IDX files; "" is the MNIST in the program
	Out      string  // folder for the results
	JSON     bool    // print the results as JSON at the end
}

// declare makes a flag of each option.
func (o *Options) declare(f *flag.FlagSet) {
	f.IntVar(&o.Train, "train", o.Train, "pictures to train on")
	f.IntVar(&o.Valid, "valid", o.Valid, "pictures to validate with")
	f.IntVar(&o.Epochs, "epochs", o.Epochs, "epochs to train at most")
	f.IntVar(&o.Batch, "batch", o.Batch, "pictures in a step")
	f.IntVar(&o.Patience, "patience", o.Patience, "epochs without improvement after which training ends")
	f.Float64Var(&o.LR, "lr", o.LR, "learning rate")
	f.Uint64Var(&o.Seed, "seed", o.Seed, "seed of everything random; the same seed gives the same results")
	f.StringVar(&o.Data, "data", o.Data, "`folder` of the four IDX files of a set like MNIST (default the MNIST in the program)")
	f.StringVar(&o.Out, "out", o.Out, "`folder` to write results to")
	f.BoolVar(&o.JSON, "json", o.JSON, "print the results as one JSON object, the last line of the output")
}

// check returns an error that names the first flag that is out of its range.
func (o *Options) check() error {
	for _, c := range []struct {
		name  string
		value int
	}{{"train", o.Train}, {"valid", o.Valid}, {"epochs", o.Epochs}, {"batch", o.Batch}, {"patience", o.Patience}} {
		if c.value < 1 {
			return fmt.Errorf("-%s: got %d, want 1 or more", c.name, c.value)
		}
	}
	if !(o.LR > 0) || math.IsInf(o.LR, 0) {
		return fmt.Errorf("-lr: got %v, want a number above 0", o.LR)
	}
	if o.Out == "" {
		return fmt.Errorf("-out: got no name, want a folder")
	}
	return nil
}
