package command

import (
	"errors"
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/nndiy/nndiy/experiments/internal/choose"
)

// flags returns flags of every kind.
func flags() *flag.FlagSet {
	f := flag.NewFlagSet("try", flag.ContinueOnError)
	f.Int("int", 1, "an integer")
	f.Int64("int64", 1, "an integer")
	f.Uint("uint", 1, "an integer")
	f.Uint64("uint64", 1, "an integer")
	f.Float64("float", 1, "a number")
	f.Bool("bool", false, "a bool")
	f.Duration("duration", time.Second, "a duration")
	f.String("string", "", "a string")
	f.Var(choose.Of(choose.Option[int]{Name: "one", Value: 1}, choose.Option[int]{Name: "two", Value: 2}), "choice", "one or two")
	return f
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string // the error
	}{
		{[]string{"-int", "-3", "-string", "-x", "-choice=two"}, ""},
		{[]string{"-int", "x"}, `-int: got "x", want an integer; -help lists the flags`},
		{[]string{"-int64", "1.5"}, `-int64: got "1.5", want an integer; -help lists the flags`},
		{[]string{"-int", "99999999999999999999"}, `-int: got "99999999999999999999", want an integer; -help lists the flags`},
		{[]string{"-uint", "-1"}, `-uint: got "-1", want an integer, 0 or more; -help lists the flags`},
		{[]string{"-uint64", "-1"}, `-uint64: got "-1", want an integer, 0 or more; -help lists the flags`},
		{[]string{"-float", "1,5"}, `-float: got "1,5", want a number; -help lists the flags`},
		{[]string{"-bool=maybe"}, `-bool: got "maybe", want true or false; -help lists the flags`},
		{[]string{"-duration", "5"}, `-duration: got "5", want a duration, such as 90s or 5m; -help lists the flags`},
		{[]string{"-choice", "a: \"b\""}, `-choice: got "a: \"b\"", want one or two; -help lists the flags`},
		{[]string{"-int"}, "flag needs an argument: -int; -help lists the flags"},
		{[]string{"-none"}, "flag provided but not defined: -none; -help lists the flags"},
		{[]string{"-int", "2", "more"}, `got argument "more", want flags only; -help lists them`},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			var out strings.Builder
			got := ""
			if err := ParseFlags(flags(), "does nothing.", c.args, &out); err != nil {
				got = err.Error()
			}
			if got != c.want || out.Len() > 0 {
				t.Errorf("got error %q and output %q, want error %q and no output", got, &out, c.want)
			}
		})
	}
}

// With Parse the arguments remain.
func TestParseArguments(t *testing.T) {
	f := flags()
	if err := Parse(f, "does nothing.", []string{"-bool", "a", "b"}, nil); err != nil || f.NArg() != 2 {
		t.Errorf("got error %v and %d arguments, want 2 arguments", err, f.NArg())
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"-help"}, {"-h"}, {"-int", "2", "--help", "more"}} {
		var out strings.Builder
		err := ParseFlags(flags(), "does nothing.", args, &out)
		if !errors.Is(err, flag.ErrHelp) || !strings.HasPrefix(out.String(), "try does nothing.\n\nFlags:\n") || !strings.Contains(out.String(), "-choice") {
			t.Errorf("%v: got error %v and output %q", args, err, &out)
		}
	}
}

func TestCheck(t *testing.T) {
	if err := Check(Least{"a", 1, 1}, Least{"b", 0, 0}); err != nil {
		t.Error(err)
	}
	err := Check(Least{"a", 1, 1}, Least{"b", -2, 0}, Least{"c", -3, 0})
	if want := "-b: got -2, want 0 or more"; err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
}

func TestNoZero(t *testing.T) {
	for args, want := range map[string]string{
		"-int 1 -bool=false -string 0 -duration 1s": "",
		"-int 0":       "-int: got 0, want more than 0",
		"-int64 0":     "-int64: got 0, want more than 0",
		"-uint 0":      "-uint: got 0, want more than 0",
		"-uint64 0":    "-uint64: got 0, want more than 0",
		"-float -0":    "-float: got -0, want more than 0",
		"-duration 0s": "-duration: got 0s, want more than 0",
	} {
		f, got := flags(), ""
		if err := f.Parse(strings.Fields(args)); err != nil {
			t.Fatal(err)
		}
		if err := NoZero(f); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got error %q, want %q", args, got, want)
		}
	}
}

// Flags that exclude each other or need each other are errors that name both, also where they are set to their defaults.
func TestPairs(t *testing.T) {
	for _, c := range []struct {
		check func(f *flag.FlagSet, with string, flags ...string) error
		args  []string
		want  string // the error
	}{
		{Apart, []string{"-int", "1"}, ""},
		{Apart, []string{"-float", "1", "-bool"}, ""},
		{Apart, []string{"-bool", "-int", "1"}, "-bool: got it beside -int, want one of them"},
		{Apart, []string{"-int", "1", "-float", "1"}, "-float: got it beside -int, want one of them"},
		{Together, []string{"-int", "1"}, ""},
		{Together, []string{"-float", "1", "-int", "1"}, ""},
		{Together, []string{"-float", "1"}, "-float: got it without -int, want both or none"},
	} {
		f, got := flags(), ""
		if err := f.Parse(c.args); err != nil {
			t.Fatal(err)
		}
		if err := c.check(f, "int", "float", "bool"); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%v: got error %q, want %q", c.args, got, c.want)
		}
	}
}
