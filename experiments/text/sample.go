package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/internal/letters"
	"github.com/nndiy/nndiy/graph"
)

// A style says how the next character is drawn from the network's probabilities.
type style struct {
	Temperature float64 `json:"temperature"` // the probabilities are taken to the power of 1/Temperature; 0 means the most probable character
	Top         int     `json:"top"`         // draw from this many of the most probable characters; 0 means all
}

// draw returns a character's number.
func (s style) draw(probabilities []float32, rng *rand.Rand) int {
	order := make([]int, len(probabilities)) // the most probable first
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(probabilities[b], probabilities[a]) })
	if s.Top > 0 {
		order = order[:min(s.Top, len(order))]
	}
	if s.Temperature == 0 {
		return order[0]
	}
	weights, sum := make([]float64, len(order)), 0.0
	for i, n := range order {
		weights[i] = math.Pow(float64(probabilities[n]/probabilities[order[0]]), 1/s.Temperature)
		sum += weights[i]
	}
	at := rng.Float64() * sum
	for i, w := range weights {
		if at -= w; at < 0 {
			return order[i]
		}
	}
	return order[len(order)-1]
}

// A writer writes text with a model, one character at a time. The model's Stream keeps what the network remembers of the text so far, so
// a character costs the same however many are before it.
type writer struct {
	stream   *graph.Stream
	alphabet letters.Alphabet
	memory   int // characters after which the stream begins again; 0 means never
	style    style
	rng      *rand.Rand
}

func newWriter(m *graph.Model, s style, seed uint64) (*writer, error) {
	meta := m.Metadata()
	w := &writer{alphabet: letters.Of(meta[alphabetKey]), style: s, rng: rand.New(rand.NewPCG(seed, 2))}
	var err error
	if w.memory, err = strconv.Atoi(meta[memoryKey]); err != nil || w.alphabet.Len() == 0 {
		return nil, fmt.Errorf("-model: got a model with the metadata %.80q, want one of this experiment, with %s and %s", meta, alphabetKey, memoryKey)
	}
	w.stream, err = m.Stream()
	return w, err
}

// write prints a prompt and then the given number of characters, which it returns. Ctrl-C ends it early.
func (w *writer) write(ctx context.Context, out io.Writer, prompt string, length int) (string, error) {
	all, err := w.alphabet.Numbers(prompt)
	if err != nil {
		return "", fmt.Errorf("-prompt: %w", err)
	}
	fmt.Fprint(out, prompt)
	first, read := len(all), 0 // read: characters that the stream has seen
	next := all
	for len(all) < first+length && ctx.Err() == nil {
		if w.memory > 0 && read+len(next) > w.memory {
			w.stream.Reset()
			read, next = 0, all[len(all)-min(len(all), w.memory/2):]
		}
		y, err := w.stream.Next(ctx, row(next))
		if err != nil {
			return "", err
		}
		read += len(next)
		p := y.Float32s()
		all = append(all, w.style.draw(p[len(p)-w.alphabet.Len():], w.rng)) // after the last character
		next = all[len(all)-1:]
		fmt.Fprint(out, w.alphabet.Text(next))
	}
	fmt.Fprintln(out)
	return w.alphabet.Text(all[first:]), nil
}

// row returns numbers as a batch of one sequence.
func row(numbers []int) *graph.Tensor {
	x := make([]float32, len(numbers))
	for i, n := range numbers {
		x[i] = float32(n)
	}
	return tensor.New(tensor.WithShape(1, len(x)), tensor.WithBacking(x))
}
