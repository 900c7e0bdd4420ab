package lab

import (
	"flag"
	"fmt"
	"math"
)

// Options are the settings that every experiment has, most of them flags; an experiment gives their defaults.
type Options struct {
	Train    int     // pictures to train on
	Valid    int     // pictures to validate with
	Epochs   int     // at most; 0, as a default only, leaves it to the experiment
	Batch    int     // pictures in a step
	Patience int     // epochs without improvement after which training ends
	LR       float64 // learning rate; 0, as a default only, leaves it to the optimizer
	Seed     uint64  // of everything random
	Data     string  // folder of IDX files; "" is the MNIST in the program
	Out      string  // folder for the results
	JSON     bool    // print the results as JSON at the end

	Warmup int // epochs in which the learning rate rises; the experiment's own, and no flag
}

// declare makes a flag of each option. The data is pictures, or points that are made.
func (o *Options) declare(f *flag.FlagSet, made bool) {
	samples, without := "pictures", "the MNIST in the program"
	if made {
		samples, without = "points", "points that are made"
	}
	f.IntVar(&o.Train, "train", o.Train, samples+" to train on")
	f.IntVar(&o.Valid, "valid", o.Valid, samples+" to validate with")
	epochs := "epochs to train at most"
	if o.Epochs == 0 {
		epochs += " (default what suits the other flags)"
	}
	f.IntVar(&o.Epochs, "epochs", o.Epochs, epochs)
	f.IntVar(&o.Batch, "batch", o.Batch, samples+" in a step")
	f.IntVar(&o.Patience, "patience", o.Patience, "epochs without improvement after which training ends")
	rate := "learning rate"
	if o.LR == 0 {
		rate += " (default the optimizer's own)"
	}
	f.Float64Var(&o.LR, "lr", o.LR, rate)
	f.Uint64Var(&o.Seed, "seed", o.Seed, "seed of everything random; the same seed gives the same results")
	f.StringVar(&o.Data, "data", o.Data, "`folder` of the four IDX files of a set like MNIST (default "+without+")")
	f.StringVar(&o.Out, "out", o.Out, "`folder` to write results to")
	f.BoolVar(&o.JSON, "json", o.JSON, "print the results as one JSON object, the last line of the output")
}

// check returns an error that names the first flag that is out of its range; given are those that the user has set.
func (o *Options) check(given map[string]bool) error {
	for _, c := range []struct {
		name  string
		value int
	}{{"train", o.Train}, {"valid", o.Valid}, {"epochs", o.Epochs}, {"batch", o.Batch}, {"patience", o.Patience}} {
		if c.value < 1 && (c.name != "epochs" || c.value < 0 || given["epochs"]) {
			return fmt.Errorf("-%s: got %d, want 1 or more", c.name, c.value)
		}
	}
	if !(o.LR > 0 || o.LR == 0 && !given["lr"]) || math.IsInf(o.LR, 0) {
		return fmt.Errorf("-lr: got %v, want a number above 0", o.LR)
	}
	if o.Out == "" {
		return fmt.Errorf("-out: got no name, want a folder")
	}
	return nil
}
