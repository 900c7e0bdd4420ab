package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/letters"
)

// The embedded text is this repository's documentation.
func TestDocs(t *testing.T) {
	text, err := read("")
	if err != nil || len(text) < 200000 || !strings.HasPrefix(text, "# nndiy\n") {
		t.Errorf("got %d bytes, %v, want the README and more", len(text), err)
	}
	for _, part := range []string{"Permission is hereby granted", "Package graph is the core", "type LSTM struct"} {
		if strings.Count(text, part) != 1 {
			t.Errorf("got %q %d times, want once", part, strings.Count(text, part))
		}
	}
}

// One block of ten is for validation, and none is lost.
func TestDivide(t *testing.T) {
	text := strings.Repeat("0123456789", 1000)
	train, valid, err := divide(text, letters.In(text))
	if err != nil || len(train) != 9000 || len(valid) != 1000 {
		t.Errorf("got %d and %d characters, %v, want 9000 and 1000", len(train), len(valid), err)
	}
}

// The target of each character is the next one. Validation has the first and the last piece, and training random ones.
func TestWindows(t *testing.T) {
	text := make([]int, 50)
	for i := range text {
		text[i] = i
	}
	starts := func(rng *rand.Rand) (list []int) {
		for b, err := range (windows{text, 8, 5}).Batches(2, rng) {
			if err != nil {
				t.Fatal(err)
			}
			x, y := b.X.Float32s(), b.Y.Float32s()
			for i := range x {
				if y[i] != x[i]+1 || i%8 > 0 && x[i] != x[i-1]+1 {
					t.Fatalf("got %v before %v, want the next numbers", x, y)
				}
			}
			for i := 0; i < len(x); i += 8 {
				list = append(list, int(x[i]))
			}
		}
		return list
	}
	if got, want := starts(nil), []int{0, 10, 20, 30, 41}; !slices.Equal(got, want) {
		t.Errorf("got pieces from %v, want %v", got, want)
	}
	all := map[int]bool{}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		for _, at := range starts(rng) {
			all[at] = true
		}
	}
	if len(all) != 42 {
		t.Errorf("got %d places of random pieces, want all 42", len(all))
	}
}

// Of four characters in equal parts each takes two bits.
func TestSurprise(t *testing.T) {
	train := make([]int, 400000)
	for i := range train {
		train[i] = i % 4
	}
	if got := surprise(train, []int{0, 1, 2, 3, 3}, 4); math.Abs(got-2) > 1e-9 {
		t.Errorf("got %v bits, want 2", got)
	}
}

// Characters are drawn with the probabilities to the power of 1/temperature, among the first ones.
func TestDraw(t *testing.T) {
	p := []float32{0.1, 0.4, 0, 0.3, 0.2}
	for _, c := range []struct {
		style style
		want  []float64
	}{
		{style{1, 0}, []float64{0.1, 0.4, 0, 0.3, 0.2}},
		{style{1, 2}, []float64{0, 4. / 7, 0, 3. / 7, 0}},
		{style{0.5, 0}, []float64{0.01 / 0.3, 0.16 / 0.3, 0, 0.09 / 0.3, 0.04 / 0.3}},
		{style{0, 0}, []float64{0, 1, 0, 0, 0}},
		{style{5, 1}, []float64{0, 1, 0, 0, 0}},
		{style{1, 99}, []float64{0.1, 0.4, 0, 0.3, 0.2}},
	} {
		rng := rand.New(rand.NewPCG(1, 1))
		got := make([]float64, len(p))
		const n = 20000
		for range n {
			got[c.style.draw(p, rng)] += 1.0 / n
		}
		for i := range p {
			if math.Abs(got[i]-c.want[i]) > 0.015 {
				t.Errorf("%+v: got %.3f, want %.3f", c.style, got, c.want)
				break
			}
		}
	}
}
