package main

import (
	"math/rand/v2"
	"time"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/letters"
)

// A pair is a date written out, and its translation.
type pair struct{ text, date string }

// pairs are the three parts of the data. No date of one part is in another one.
type pairs struct{ train, valid, test []pair }

// data draws dates in random forms, twice as many for testing as for validation. A date may be drawn several times within its part.
func data(l *lab.Lab) pairs {
	rng := rand.New(rand.NewPCG(l.Seed, 1))
	all := days(rng)
	draw := func(n int, from []time.Time) []pair {
		list := make([]pair, n)
		for i := range list {
			d := from[rng.IntN(len(from))]
			list[i] = pair{random(d, rng), d.Format(iso)}
		}
		return list
	}
	tenth := len(all) / 10
	return pairs{draw(l.Train, all[2*tenth:]), draw(l.Valid, all[:tenth]), draw(2*l.Valid, all[tenth:2*tenth])}
}

// The alphabets. Number 0 is nothing: the padding behind a text that is shorter than others, and what the decoder sees before it has
// written its first character.
var (
	source = letters.Of("\x00 ',-./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
	target = letters.Of("\x00-0123456789")
)

// dataset returns batches of pairs whose strings have similar lengths. For each character that the decoder has to write, it gets the
// right characters before that one (teacher forcing).
func dataset(list []pair) (datasets.Buckets, error) {
	var texts, written [][]int
	var dates []float32
	for _, p := range list {
		text, err := source.Numbers(p.text)
		if err != nil {
			return datasets.Buckets{}, err
		}
		date, err := target.Numbers(p.date)
		if err != nil {
			return datasets.Buckets{}, err
		}
		texts, written = append(texts, text), append(written, append([]int{0}, date[:len(date)-1]...))
		for _, n := range date {
			dates = append(dates, float32(n))
		}
	}
	return datasets.Buckets{
		X:      datasets.Sequences(texts),
		Inputs: map[string]datasets.Ragged{writtenInput: datasets.Sequences(written)},
		Labels: tensor.New(tensor.WithShape(len(list), len(iso)), tensor.WithBacking(dates)),
	}, nil
}
