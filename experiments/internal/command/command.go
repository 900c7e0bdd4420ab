// Package command parses the flags of the experiments, so that all of them answer -help and wrong flags in the same way.
package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"time"
)

// Parse parses the arguments, of which those behind the flags remain in f.Args. With -help it writes the name, what the command does
// (about: "trains a network."), and the flags to stdout, and returns flag.ErrHelp. Other errors name the flag.
func Parse(f *flag.FlagSet, about string, args []string, stdout io.Writer) error {
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(stdout, "%s %s\n\nFlags:\n", f.Name(), about)
		f.SetOutput(stdout)
		f.PrintDefaults()
		return err
	}
	if err != nil {
		return fmt.Errorf("%w; -help lists the flags", plain(f, err))
	}
	return nil
}

// ParseFlags is Parse for a command without other arguments: any is an error.
func ParseFlags(f *flag.FlagSet, about string, args []string, stdout io.Writer) error {
	if err := Parse(f, about, args, stdout); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return fmt.Errorf("got argument %q, want flags only; -help lists them", f.Arg(0))
	}
	return nil
}

// invalid is how package flag reports a value that a flag does not accept.
var invalid = regexp.MustCompile(`^invalid (?:boolean )?value ("(?:[^"\\]|\\.)*") for (?:flag )?-([^:]+): (.*)$`)

// plain turns package flag's error about a value into "-name: got value, want kind", and returns other errors as they are.
func plain(f *flag.FlagSet, err error) error {
	m := invalid.FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	want := m[3]
	if g, ok := f.Lookup(m[2]).Value.(flag.Getter); ok {
		switch g.Get().(type) {
		case int, int64:
			want = "want an integer"
		case uint, uint64:
			want = "want an integer, 0 or more"
		case float64:
			want = "want a number"
		case bool:
			want = "want true or false"
		case time.Duration:
			want = "want a duration, such as 90s or 5m"
		}
	}
	return fmt.Errorf("-%s: got %s, %s", m[2], m[1], want)
}

// A Least is the value of a flag and the smallest one that is valid.
type Least struct {
	Flag      string // name without the dash
	Got, Want int
}

// Check returns an error that names the first flag whose value is too small.
func Check(list ...Least) error {
	for _, l := range list {
		if l.Got < l.Want {
			return fmt.Errorf("-%s: got %d, want %d or more", l.Flag, l.Got, l.Want)
		}
	}
	return nil
}

// NoZero returns an error that names the first number or duration that was set to 0, for a command whose settings take 0 for the default.
func NoZero(f *flag.FlagSet) (err error) {
	f.Visit(func(f *flag.Flag) {
		g, ok := f.Value.(flag.Getter)
		if !ok || err != nil {
			return
		}
		switch g.Get() {
		case 0, int64(0), uint(0), uint64(0), 0.0, time.Duration(0):
			err = fmt.Errorf("-%s: got %v, want more than 0", f.Name, f.Value)
		}
	})
	return err
}

// Apart returns an error if one of the flags that have no effect beside the flag with was set together with it.
func Apart(f *flag.FlagSet, with string, flags ...string) error {
	given := given(f)
	for _, name := range flags {
		if given[with] && given[name] {
			return fmt.Errorf("-%s: got it beside -%s, want one of them", name, with)
		}
	}
	return nil
}

// Together returns an error if one of the flags that have no effect without the flag with was set without it.
func Together(f *flag.FlagSet, with string, flags ...string) error {
	given := given(f)
	for _, name := range flags {
		if given[name] && !given[with] {
			return fmt.Errorf("-%s: got it without -%s, want both or none", name, with)
		}
	}
	return nil
}

// given returns the names of the flags that were set, to whatever value.
func given(f *flag.FlagSet) map[string]bool {
	names := map[string]bool{}
	f.Visit(func(f *flag.Flag) { names[f.Name] = true })
	return names
}
