package lab

import (
	"fmt"

	"github.com/nndiy/nndiy/datasets"
)

// Images are the three parts of a set of images. Train and Valid are drawn at random from the set's training part, by the seed.
type Images struct {
	Train, Valid, Test *datasets.Images
}

// load reads the images and splits them. A set smaller than Train plus Valid is divided in their proportion, unless the user
// chose the sizes.
func (l *Lab) load(sizesGiven bool) error {
	read, name := datasets.MNIST, "MNIST"
	if l.Data != "" {
		name = l.Data
		read = func() (train, test *datasets.Images, err error) { return datasets.IDX(l.Data) }
	}
	fmt.Fprintf(l.Stdout, "reading the images of %s\n", name)
	all, test, err := read()
	if err != nil {
		if l.Data != "" {
			return fmt.Errorf("-data: %w", err)
		}
		return err
	}
	wanted, n := l.Train+l.Valid, all.Len()
	if wanted > n && !sizesGiven && n > 1 {
		l.Train = max(1, n*l.Train/wanted)
		l.Valid = n - l.Train
		wanted = n
	}
	// Each size is also compared by itself, since the sum may overflow.
	if l.Train > n || l.Valid > n || wanted > n {
		return fmt.Errorf("-train and -valid: got %d and %d images, want at most %d together", l.Train, l.Valid, n)
	}
	train, rest, err := all.Split(l.Train, l.Seed)
	if err != nil {
		return err
	}
	if l.Valid < rest.Len() {
		if rest, _, err = rest.Split(l.Valid, l.Seed); err != nil {
			return err
		}
	}
	l.Images = Images{Train: train, Valid: rest, Test: test}
	fmt.Fprintf(l.Stdout, "%d training images of %d×%d, %d for validation, %d for testing\n\n",
		train.Len(), train.Cols, train.Rows, rest.Len(), test.Len())
	return nil
}

// Classes returns the number of classes: one more than the largest label.
func (m Images) Classes() int {
	n := 0
	for _, part := range []*datasets.Images{m.Train, m.Valid, m.Test} {
		for _, c := range part.Labels {
			n = max(n, int(c)+1)
		}
	}
	return n
}

// Samples returns the indices of n test images, or of all if there are fewer, taking each class in turn.
func (m Images) Samples(n int) []int {
	byClass := make([][]int, m.Classes())
	for i, c := range m.Test.Labels {
		byClass[c] = append(byClass[c], i)
	}
	var picked []int
	n = min(n, m.Test.Len())
	for round := 0; len(picked) < n; round++ {
		for _, list := range byClass {
			if round < len(list) && len(picked) < n {
				picked = append(picked, list[round])
			}
		}
	}
	return picked
}
