package lab

import (
	"flag"
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/experiments/internal/command"
)

// Options are the settings of every experiment, all of them flags except Warmup. An experiment provides the defaults.
type Options struct {
	Train    int     // number of training samples
	Valid    int     // number of validation samples
	Epochs   int     // maximum number of epochs; as a default, 0 leaves it to the experiment
	Batch    int     // samples per step
	Patience int     // epochs without improvement after which training ends
	LR       float64 // learning rate; as a default, 0 means the optimizer's default
	Seed     uint64  // seed of all randomness
	Data     string  // folder of IDX files; "" means the embedded MNIST, or data of the experiment's own
	Out      string  // folder for the results
	JSON     bool    // print the results as JSON at the end

	Warmup int // epochs in which the learning rate rises; not a flag
}

// maxSamples is the largest number of samples of a part; more would not fit in memory.
const maxSamples = 10_000_000

// declare declares the flags. If made is true, the experiment generates points unless -data is given. If own is not "", the
// experiment has samples of its own, with this name, and no flag -data. The flags in without are not declared.
func (o *Options) declare(to *flag.FlagSet, made bool, own string, without []string) {
	f := flag.NewFlagSet("", flag.ContinueOnError)
	samples, data := "images", "the embedded MNIST"
	switch {
	case own != "":
		samples = own
	case made:
		samples, data = "points", "generated points"
	}
	f.IntVar(&o.Train, "train", o.Train, "number of training "+samples)
	f.IntVar(&o.Valid, "valid", o.Valid, "number of validation "+samples)
	epochs := "maximum number of epochs"
	if o.Epochs == 0 {
		epochs += " (default depends on the other flags)"
	}
	f.IntVar(&o.Epochs, "epochs", o.Epochs, epochs)
	f.IntVar(&o.Batch, "batch", o.Batch, samples+" per step")
	f.IntVar(&o.Patience, "patience", o.Patience, "epochs without improvement after which training ends")
	rate := "learning rate"
	if o.LR == 0 {
		rate += " (default depends on the optimizer)"
	}
	f.Float64Var(&o.LR, "lr", o.LR, rate)
	f.Uint64Var(&o.Seed, "seed", o.Seed, "seed of all randomness; the same seed gives the same results")
	if own == "" {
		f.StringVar(&o.Data, "data", o.Data, "`folder` with the four IDX files of a set like MNIST (default "+data+")")
	}
	f.StringVar(&o.Out, "out", o.Out, "`folder` to write results to")
	f.BoolVar(&o.JSON, "json", o.JSON, "print the results as one JSON object, the last line of the output")
	f.VisitAll(func(g *flag.Flag) {
		if !slices.Contains(without, g.Name) {
			to.Var(g.Value, g.Name, g.Usage)
		}
	})
}

// check returns an error that names the first flag out of its range; given holds the flags that the user has set. The flags in
// without are not checked: the experiment has its own flags of these names, or none.
func (o *Options) check(given map[string]bool, without []string) error {
	epochs := command.Least{Flag: "epochs", Got: o.Epochs, Want: 1}
	if !given["epochs"] {
		epochs.Want = 0
	}
	for _, c := range []command.Least{{Flag: "train", Got: o.Train, Want: 1}, {Flag: "valid", Got: o.Valid, Want: 1}, epochs,
		{Flag: "batch", Got: o.Batch, Want: 1}, {Flag: "patience", Got: o.Patience, Want: 1}} {
		if slices.Contains(without, c.Flag) {
			continue
		}
		if err := command.Check(c); err != nil {
			return err
		}
		if (c.Flag == "train" || c.Flag == "valid") && c.Got > maxSamples {
			return fmt.Errorf("-%s: got %d, want at most %d", c.Flag, c.Got, maxSamples)
		}
	}
	if !slices.Contains(without, "lr") && (!(o.LR > 0 || o.LR == 0 && !given["lr"]) || math.IsInf(o.LR, 0)) {
		return fmt.Errorf("-lr: got %v, want a number above 0", o.LR)
	}
	if o.Out == "" {
		return fmt.Errorf("-out: got an empty name, want a folder")
	}
	return nil
}
