package layers

import (
	"cmp"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/nndiy/nndiy/internal/settings"
)

// Vocabulary is an Encoder of categories: a string becomes its position in Words plus 1, and 0 if it is missing, rare or unknown. Learn
// sets Words to those of the training rows, the most frequent first. OneHot or Embedding behind it make features of the number; in
// a Group their number of classes may be 0 for that of the vocabulary. A number that is no string, as JSON has, is the word that spells
// it, whether that is 5, 5.0 or 5e+00; and a bool is true, True or TRUE.
type Vocabulary struct {
	Identity
	MinCount int // words that occur less often are left out; 0 means 1
	Max      int // largest number of words; 0 means 65,536

	Words []string // what Learn sets
}

var _ Encoder = Vocabulary{}

// Validate implements graph.Validator.
func (v Vocabulary) Validate() error {
	return settings.Check(settings.Count("MinCount", v.MinCount, 0), settings.Count("Max", v.Max, 0))
}

// Width implements Encoder: it is 1.
func (v Vocabulary) Width() int { return 1 }

// classes returns the number of different numbers that it encodes.
func (v Vocabulary) classes() int { return len(v.Words) + 1 }

// Learn implements Encoder.
func (v Vocabulary) Learn(values iter.Seq2[any, error]) (Encoder, error) {
	if err := v.Validate(); err != nil {
		return nil, err
	}
	c := counter{}
	for value, err := range values {
		if err != nil {
			return nil, err
		}
		word, ok, err := words(value)
		if err != nil {
			return nil, err
		}
		if ok {
			c.count(word)
		}
	}
	v.Words = c.frequent(v.MinCount, cmp.Or(v.Max, 1<<16))
	return v, nil
}

// Encoding implements Encoder.
func (v Vocabulary) Encoding() func(to []float64, value any) error {
	index, numbers, bools := positions1(v.Words), map[float64]int{}, map[bool]int{}
	for i := len(v.Words) - 1; i >= 0; i-- { // of several spellings the first word counts
		if n, err := strconv.ParseFloat(v.Words[i], 64); err == nil && math.Abs(n) < 1<<53 {
			numbers[n] = i + 1
		}
		for _, b := range []bool{false, true} {
			if strings.EqualFold(v.Words[i], strconv.FormatBool(b)) {
				bools[b] = i + 1
			}
		}
	}
	return func(to []float64, value any) error {
		word, ok, err := words(value)
		at := index[word]
		if at == 0 && ok && err == nil {
			if b, is := value.(bool); is {
				at = bools[b]
			} else if n, is := numberOf(value); is {
				if at = numbers[n]; at == 0 { // a float32 has been read as its text, which is another float64: 0.1
					n, _ = strconv.ParseFloat(word, 64)
					at = numbers[n]
				}
			}
		}
		to[0] = float64(at)
		return err
	}
}

// positions1 returns the positions of words, from 1.
func positions1(words []string) map[string]int {
	index := make(map[string]int, len(words))
	for i, w := range words {
		index[w] = i + 1
	}
	delete(index, "")
	return index
}

// A counter counts words. Beyond counted different words it forgets those that it has seen once.
type counter map[string]int

// counted bounds the memory for words.
const counted = 1 << 21

func (c counter) count(word string) {
	if n := c[word]; n > 0 {
		c[word] = n + 1
		return
	}
	if len(c) >= counted {
		for w, n := range c {
			if n == 1 {
				delete(c, w)
			}
		}
		if len(c) >= counted {
			return
		}
	}
	c[strings.Clone(word)] = 1
}

// frequent returns the most words that occur at least least times, the most frequent first, equally frequent ones in alphabetical
// order.
func (c counter) frequent(least, most int) []string {
	list := slices.Collect(maps.Keys(c))
	list = slices.DeleteFunc(list, func(w string) bool { return c[w] < least })
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(c[b]-c[a], cmp.Compare(a, b)) })
	return slices.Clone(list[:min(len(list), most)])
}

// Tokens is an Encoder of texts. It splits a text into words, runs of letters and digits, in lower case, and Learn sets Words to the most
// frequent ones of the training rows. Without a Length a text becomes the number of times that each word occurs: a bag of words. With
// a Length it becomes a sequence: for each word its position in Words plus 2, or 1 if it is unknown, then 0 up to the length, which
// layers.Embedding{MaskZero: true} takes as padding.
type Tokens struct {
	Identity
	Length   int  // number of words of a sequence; further words are cut off; 0 means a bag of words
	NGrams   int  // also counts pairs of neighbours, up to lists of this many words; not with a Length; 0 means 1
	KeepCase bool // do not change the text to lower case
	MinCount int  // words that occur less often are left out; 0 means 2
	Max      int  // largest number of words; 0 means 1,000

	Words []string // what Learn sets
}

var _ Encoder = Tokens{}

// Validate implements graph.Validator.
func (k Tokens) Validate() error {
	grams := 16.0
	if k.Length > 0 {
		grams = 1
	}
	return settings.Check(settings.Between("Length", float64(k.Length), 0, 1<<20), settings.Between("NGrams", float64(k.NGrams), 0, grams),
		settings.Count("MinCount", k.MinCount, 0), settings.Between("Max", float64(k.Max), 0, 1<<20))
}

// Width implements Encoder.
func (k Tokens) Width() int {
	if k.Length > 0 {
		return k.Length
	}
	return len(k.Words)
}

// classes returns the number of different numbers of a sequence.
func (k Tokens) classes() int { return len(k.Words) + 2 }

// split calls f for each word of a text, and for each list of words up to NGrams, joined by a space.
func (k Tokens) split(text string, f func(word string)) {
	if !k.KeepCase {
		text = strings.ToLower(text)
	}
	list := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	for i, word := range list {
		f(word)
		for n := 2; n <= k.NGrams && i+n <= len(list); n++ {
			f(strings.Join(list[i:i+n], " "))
		}
	}
}

// Learn implements Encoder.
func (k Tokens) Learn(values iter.Seq2[any, error]) (Encoder, error) {
	if err := k.Validate(); err != nil {
		return nil, err
	}
	c := counter{}
	for value, err := range values {
		if err != nil {
			return nil, err
		}
		text, _, err := words(value)
		if err != nil {
			return nil, err
		}
		k.split(text, c.count)
	}
	k.Words = c.frequent(cmp.Or(k.MinCount, 2), cmp.Or(k.Max, 1000))
	if len(k.Words) == 0 && k.Length == 0 { // so that the width is not 0
		k.Words = c.frequent(1, 1)
	}
	return k, nil
}

// Encoding implements Encoder.
func (k Tokens) Encoding() func(to []float64, value any) error {
	index := positions1(k.Words)
	return func(to []float64, value any) error {
		text, _, err := words(value)
		if err != nil {
			return err
		}
		clear(to)
		n := 0
		k.split(text, func(word string) {
			i := index[word]
			switch {
			case k.Length == 0 && i > 0:
				to[i-1]++
			case k.Length > 0 && n < len(to):
				to[n] = float64(i + 1)
				n++
			}
		})
		return nil
	}
}
