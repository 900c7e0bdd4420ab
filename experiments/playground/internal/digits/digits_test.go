package digits_test

import (
	"bytes"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
	"github.com/nndiy/nndiy/experiments/playground/internal/digits/subset"
)

const path = "../../site/data/digits.gz"

// whole is what the generator makes.
var whole = sync.OnceValues(subset.Make)

// The committed file and its generator agree. The bytes of the compression may differ between versions of Go; the images may not.
func TestFile(t *testing.T) {
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Less(t, len(file), 1_000_000, "the page loads less than 1 MB")
	got, err := digits.Read(file)
	require.NoError(t, err)
	want, err := whole()
	require.NoError(t, err)
	assert.Equal(t, digits.Train, got.Train.Len())
	assert.Equal(t, digits.Test, got.Test.Len())
	assert.True(t, bytes.Equal(digits.Encode(want), digits.Encode(got)), "got other images than MNIST's first, want go generate ./... again")
}

func TestWrite(t *testing.T) {
	set, err := whole()
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, digits.Write(&file, set))
	again, err := digits.Read(file.Bytes())
	require.NoError(t, err)
	assert.True(t, bytes.Equal(digits.Encode(set), digits.Encode(again)))
}

func TestErrors(t *testing.T) {
	head := "nndigits\x00\x00\x00\x01\x00\x00\x00\x01"
	image := strings.Repeat("\x00", digits.Pixels)
	for _, c := range []struct{ data, want string }{
		{"", `digits: Decode: got 0 bytes that do not begin with "nndigits", want a file of digits`},
		{"nndigitz" + head[8:], "digits: Decode: got 16 bytes that do not begin"},
		{head, "digits: Decode: got 0 bytes for 1 and 1 images, want 1570"},
		{head + "\x01\x02" + image, "digits: Decode: got 786 bytes for 1 and 1 images, want 1570"},
		{"nndigits\x00\x00\x00\x00\x00\x00\x00\x01\x01" + image, "digits: Decode: got 785 bytes for 0 and 1 images"},
		{"nndigits\xff\xff\xff\xff\xff\xff\xff\xff", "digits: Decode: got 0 bytes for 4294967295 and 4294967295"},
		{head + "\x01\x0a" + image + image, "digits: Decode: class of image 1: got 10, want 0 to 9"},
	} {
		t.Run(c.want, func(t *testing.T) {
			_, err := digits.Decode([]byte(c.data))
			assert.ErrorContains(t, err, c.want)
		})
	}
	_, err := digits.Read([]byte("no gzip"))
	assert.ErrorContains(t, err, "digits: Read: ")
}
