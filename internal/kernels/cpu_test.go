package kernels

import (
	"fmt"
	"strings"
	"testing"
)

// TestChoose: NNDIY_CPU names a form of this machine, and any other name is not ignored silently.
func TestChoose(t *testing.T) {
	for _, i := range ISAs() {
		var warnings strings.Builder
		if got := choose(i.String(), &warnings); got != i || warnings.Len() > 0 {
			t.Errorf("%v: got %v, %q, want %v", i, got, &warnings, i)
		}
	}
	for _, name := range []string{"", "Generic", "avx", "avx2 "} {
		var warnings strings.Builder
		if got := choose(name, &warnings); got != machine {
			t.Errorf("%q: got %v, want %v", name, got, machine)
		}
		want := fmt.Sprintf("nndiy: NNDIY_CPU: got %q, want one of generic", name)
		if got := warnings.String(); (name == "") != (got == "") || name != "" && !strings.HasPrefix(got, want) {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
