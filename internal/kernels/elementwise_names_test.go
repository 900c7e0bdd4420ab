package kernels

import "testing"

func TestEveryKernelHasAName(t *testing.T) {
	for _, names := range [][]string{names1[:], names2[:]} {
		seen := map[string]bool{}
		for i, name := range names {
			if name == "" || seen[name] {
				t.Errorf("kernel %d: got the name %q, want one of its own", i, name)
			}
			seen[name] = true
		}
	}
}
