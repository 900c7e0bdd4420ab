package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
)

// noise is the value of the flag -noise: an amount of noise, or random amounts.
type noise struct {
	amount float64
	mixed  bool // each picture has an amount of its own, from 0 to 0.9
}

const mixed = "mixed"

// Set implements flag.Value.
func (n *noise) Set(text string) error {
	if text == mixed {
		*n = noise{mixed: true}
		return nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0 && v <= 1) {
		return errors.New("want a number from 0 to 1, or mixed")
	}
	*n = noise{amount: v}
	return nil
}

// String implements flag.Value.
func (n noise) String() string {
	if n.mixed {
		return mixed
	}
	return strconv.FormatFloat(n.amount, 'g', -1, 64)
}

// name is how people call it: 80%, or mixed.
func (n noise) name() string {
	if n.mixed {
		return mixed
	}
	return percent(n.amount)
}

// MarshalJSON implements json.Marshaler: a number, or "mixed".
func (n noise) MarshalJSON() ([]byte, error) {
	if n.mixed {
		return json.Marshal(mixed)
	}
	return json.Marshal(n.amount)
}

// amounts are those to test with.
func (n noise) amounts() []float64 {
	if n.mixed {
		return []float64{0.1, 0.4, 0.6, 0.7, 0.8, 0.9}
	}
	return []float64{n.amount}
}

// on adds the noise to pictures.
func (n noise) on(clean graph.Arrays, seed uint64) datasets.PixelNoise {
	p := datasets.PixelNoise{Clean: clean, Amount: n.amount, Seed: seed}
	if n.mixed {
		// Most of the loss is made where little is to be seen; so more of the pictures are those of which much is.
		p.UpTo, p.Skew = 0.9, 2
	}
	return p
}

// percent writes a share.
func percent(share float64) string { return fmt.Sprintf("%.4g%%", 100*share) }
