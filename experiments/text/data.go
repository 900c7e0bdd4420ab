package main

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"unicode/utf8"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/internal/letters"
	"github.com/nndiy/nndiy/graph"
)

// docs is the text that is learned by default: the documentation of this repository.
//
//go:generate go run ./collect docs.txt.gz
//go:embed docs.txt.gz
var docs []byte

// read returns the text of a file; "" means docs.
func read(path string) (string, error) {
	if path != "" {
		text, err := os.ReadFile(path)
		if err == nil && !utf8.Valid(text) {
			err = fmt.Errorf("%s: got bytes that are not UTF-8, want text", path)
		}
		if err != nil {
			err = fmt.Errorf("-text: %w", err)
		}
		return string(text), err
	}
	z, err := gzip.NewReader(bytes.NewReader(docs))
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(z)
	return string(text), err
}

// block is the number of characters that stay together when a text is divided.
const block = 4000

// divide returns the characters' numbers of nine tenths of a text to train on, and of one tenth to validate with: every tenth block.
func divide(text string, a letters.Alphabet) (train, valid []int, err error) {
	all, err := a.Numbers(text)
	if err != nil {
		return nil, nil, err
	}
	if least := 10 * (piece + 2); len(all) < least {
		return nil, nil, fmt.Errorf("-text: got %d characters, want %d or more", len(all), least)
	}
	size := min(block, len(all)/10)
	for i := 0; i < len(all); i += size {
		part := all[i:min(i+size, len(all))]
		if i/size%10 == 5 {
			valid = append(valid, part...)
		} else {
			train = append(train, part...)
		}
	}
	return train, valid, nil
}

// windows is a data set of pieces of a text. Each has the characters' numbers as input, and the next character of each as target.
// Without a rng, as in validation, the pieces are at equal distances.
type windows struct {
	text   []int
	length int // of a piece
	count  int // number of pieces
}

var _ graph.Dataset = windows{}

// Len implements graph.Dataset.
func (w windows) Len() int { return w.count }

// Batches implements graph.Dataset.
func (w windows) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	last := len(w.text) - w.length - 1 // where the last piece may begin
	return func(yield func(graph.Batch, error) bool) {
		if size == 0 {
			size = w.count
		}
		for from := 0; from < w.count; from += size {
			n := min(size, w.count-from)
			var x, y []float32
			for i := range n {
				at := (from + i) * last / max(w.count-1, 1)
				if rng != nil {
					at = rng.IntN(last + 1)
				}
				for t := at; t < at+w.length; t++ {
					x, y = append(x, float32(w.text[t])), append(y, float32(w.text[t+1]))
				}
			}
			as := func(v []float32) *graph.Tensor {
				return tensor.New(tensor.WithShape(n, w.length), tensor.WithBacking(v))
			}
			if !yield(graph.Batch{X: as(x), Y: as(y)}, nil) {
				return
			}
		}
	}
}

// surprise returns the bits that a character of text takes if only the frequencies of characters in train are known.
func surprise(train, text []int, characters int) float64 {
	count := make([]float64, characters)
	for _, c := range train {
		count[c]++
	}
	bits := 0.0
	for _, c := range text {
		bits -= math.Log2((count[c] + 1) / float64(len(train)+characters))
	}
	return bits / float64(len(text))
}
