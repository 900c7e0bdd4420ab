package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
)

// noise is the value of the flag -noise: the fraction of pixels to replace, or a random fraction for each image.
type noise struct {
	amount float64
	mixed  bool // a random amount for each image, from 0 to 0.9
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

// name returns the noise for titles: "80%" or "mixed".
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

// amounts returns the amounts of noise to test with.
func (n noise) amounts() []float64 {
	if n.mixed {
		return []float64{0.1, 0.4, 0.6, 0.7, 0.8, 0.9}
	}
	return []float64{n.amount}
}

// addTo returns the images with noise as inputs, and the clean images as targets.
func (n noise) addTo(clean graph.Arrays, seed uint64) datasets.PixelNoise {
	p := datasets.PixelNoise{Clean: clean, Amount: n.amount, Seed: seed}
	if n.mixed {
		// Very noisy images dominate the loss, so the distribution is skewed towards less noise.
		p.UpTo, p.Skew = 0.9, 2
	}
	return p
}

// percent formats a fraction.
func percent(fraction float64) string { return fmt.Sprintf("%.4g%%", 100*fraction) }
