package choose

import (
	"encoding/json"
	"flag"
	"io"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

func TestFlag(t *testing.T) {
	f := Of(Option[int]{"one", 1}, Option[int]{"two", 2}, Option[int]{"three", 3})
	set := flag.NewFlagSet("test", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Var(f, "number", f.Names())
	if f.Value() != 1 || f.String() != "one" {
		t.Errorf("default: got %d, %v, want 1, one", f.Value(), f)
	}
	if err := set.Parse([]string{"-number", "four"}); err == nil || !strings.Contains(err.Error(), "want one, two or three") {
		t.Errorf("got %v, want an error with the names", err)
	}
	if err := set.Parse([]string{"-number", "two"}); err != nil || f.Value() != 2 {
		t.Errorf("got %d, %v", f.Value(), err)
	}
	if b, err := json.Marshal(f); err != nil || string(b) != `"two"` {
		t.Errorf("got %s, %v", b, err)
	}
}

// Every pair of activation and optimizer compiles, and every optimizer has a learning rate.
func TestOptions(t *testing.T) {
	for _, o := range Optimizers("adam").options {
		for _, a := range Activations("tanh").options {
			_, err := graph.Compile(layers.Sequential{a.Value.Dense(3), a.Value.Layer}, graph.Config{Input: []int{2}, Optimizer: o.Value(0.5)})
			if err != nil {
				t.Errorf("%s, %s: %v", o.Name, a.Name, err)
			}
		}
		if r := o.Value(0.5).Rate(); r != 0.5 {
			t.Errorf("%s: got rate %v, want 0.5", o.Name, r)
		}
		if r := o.Value(0).Rate(); !(r > 0 && r <= 0.1) {
			t.Errorf("%s: got default rate %v, want above 0 and at most 0.1", o.Name, r)
		}
	}
	if got := Activations("tanh").String() + Optimizers("adam").String(); got != "tanhadam" {
		t.Errorf("got %q", got)
	}
}
