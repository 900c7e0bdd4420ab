package letters

import (
	"slices"
	"strings"
	"testing"
)

func TestAlphabet(t *testing.T) {
	a := In("über", "be")
	if a.String() != "berü" || a.Len() != 4 {
		t.Errorf("got %q of %d characters, want berü of 4", a, a.Len())
	}
	for _, same := range []Alphabet{a, Of(a.String()), Of("berrüb")} {
		numbers, err := same.Numbers("rübe")
		if err != nil || !slices.Equal(numbers, []int{2, 3, 0, 1}) {
			t.Errorf("got %v, %v, want 2, 3, 0, 1", numbers, err)
		}
		if text := same.Text(numbers); text != "rübe" {
			t.Errorf("got %q, want rübe", text)
		}
	}
	if _, err := a.Numbers("bex"); err == nil || !strings.Contains(err.Error(), `got the character 'x' in "bex", want any of "berü"`) {
		t.Errorf("got %v, want an error that names the character x", err)
	}
	if numbers, err := a.Numbers(""); err != nil || len(numbers) != 0 {
		t.Errorf("got %v, %v, want no numbers of an empty text", numbers, err)
	}
}
