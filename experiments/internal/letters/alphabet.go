// Package letters converts text to numbers, as networks read it, and back.
package letters

import (
	"fmt"
	"slices"
	"strings"
)

// An Alphabet is a list of different characters. The number of a character is its place in the list.
type Alphabet struct {
	list    []rune
	numbers map[rune]int
}

// Of returns the alphabet of the given characters, in their order.
func Of(characters string) Alphabet {
	a := Alphabet{numbers: map[rune]int{}}
	for _, c := range characters {
		if _, ok := a.numbers[c]; !ok {
			a.numbers[c] = len(a.list)
			a.list = append(a.list, c)
		}
	}
	return a
}

// In returns the alphabet of the characters that occur in the texts, in the order of Unicode.
func In(texts ...string) Alphabet {
	all := []rune(strings.Join(texts, ""))
	slices.Sort(all)
	return Of(string(all))
}

// Len returns the number of characters.
func (a Alphabet) Len() int { return len(a.list) }

// String returns the characters; Of makes the same alphabet of them.
func (a Alphabet) String() string { return string(a.list) }

// Numbers returns the numbers of a text's characters. A character that is not in the alphabet is an error.
func (a Alphabet) Numbers(text string) ([]int, error) {
	var numbers []int
	for _, c := range text {
		n, ok := a.numbers[c]
		if !ok {
			return nil, fmt.Errorf("got the character %q in %.40q, want any of %q", c, text, a)
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}

// Text returns the text of numbers, which must be those of characters.
func (a Alphabet) Text(numbers []int) string {
	var b strings.Builder
	for _, n := range numbers {
		b.WriteRune(a.list[n])
	}
	return b.String()
}
