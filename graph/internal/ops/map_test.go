package ops

import "testing"

func TestEveryCodeHasAName(t *testing.T) {
	seen := map[string]bool{}
	for c := range codeCount {
		if c.String() == "" || seen[c.String()] {
			t.Errorf("code %d: got the name %q, want one of its own", c, c)
		}
		seen[c.String()] = true
	}
}
