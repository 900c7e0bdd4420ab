package datasets

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMNIST(t *testing.T) {
	train, test, err := MNIST()
	require.NoError(t, err)
	for _, c := range []struct {
		part   *Images
		counts []int // number of images of each digit, as published for the MNIST database
		first  []uint8
	}{
		{train, []int{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}, []uint8{5, 0, 4, 1, 9}},
		{test, []int{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}, []uint8{7, 2, 1, 0, 4}},
	} {
		counts := make([]int, 10)
		for _, l := range c.part.Labels {
			counts[l]++
		}
		assert.Equal(t, c.counts, counts)
		assert.Equal(t, c.first, c.part.Labels[:5])
		assert.Equal(t, c.part.Len()*28*28, len(c.part.Pixels))
	}
	// 0.1307 and 0.3081 are the mean and the standard deviation of the training pixels, as commonly used for normalization.
	var count [256]float64
	for _, p := range train.Pixels {
		count[p]++
	}
	mean, square := 0., 0.
	for p, n := range count {
		v, fraction := float64(p)/255, n/float64(len(train.Pixels))
		mean += fraction * v
		square += fraction * v * v
	}
	assert.InDelta(t, 0.1307, mean, 5e-5)
	assert.InDelta(t, 0.3081, sqrt(square-mean*mean), 5e-5)
}

func TestCheckSum(t *testing.T) {
	_, _, err := loadIDX(folder(smallSet()), "x", checkSum(map[string]string{
		trainImages: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", // the checksum of no bytes
	}))
	assert.ErrorContains(t, err, "datasets: train-images-idx3-ubyte: got SHA-256 ")
	assert.ErrorContains(t, err, ", want e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
}

func TestImagesSplit(t *testing.T) {
	m := &Images{Rows: 1, Cols: 2}
	for i := range uint8(10) {
		m.Pixels = append(m.Pixels, i, 100+i)
		m.Labels = append(m.Labels, i)
	}
	a, b, err := m.Split(7, 1)
	require.NoError(t, err)
	assert.Equal(t, 7, a.Len())
	assert.Equal(t, 3, b.Len())
	for _, p := range []*Images{a, b} {
		for i, l := range p.Labels {
			assert.Equal(t, []uint8{l, 100 + l}, p.Pixels[2*i:][:2])
		}
	}
	all := append(slices.Clone(a.Labels), b.Labels...)
	assert.False(t, slices.IsSorted(all))
	slices.Sort(all)
	assert.Equal(t, m.Labels, all)

	again, _, err := m.Split(7, 1)
	require.NoError(t, err)
	assert.Equal(t, a, again)
	other, _, err := m.Split(7, 2)
	require.NoError(t, err)
	assert.NotEqual(t, a, other)

	for _, n := range []int{-1, 0, 10, 11} {
		_, _, err := m.Split(n, 1)
		assert.ErrorContains(t, err, ", want at least 1 and fewer than all 10 images")
	}
}

func BenchmarkMNIST(b *testing.B) {
	for b.Loop() {
		if _, _, err := MNIST(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkImagesX(b *testing.B) {
	m := &Images{28, 28, make([]uint8, 60000*784), make([]uint8, 60000)}
	b.SetBytes(60000 * 784)
	for b.Loop() {
		m.X()
	}
}
