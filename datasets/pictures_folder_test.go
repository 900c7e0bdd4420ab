package datasets

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPicturesLinks: a link to a folder counts as that folder, and one to a folder around it is an error.
func TestPicturesLinks(t *testing.T) {
	good := encoded(t, flag(9, 6), "png")
	data := folderOf(t, map[string][]byte{"cats/1.png": good, "birds/deep/2.png": good})
	dir, p := t.TempDir(), Pictures{Picture: Picture{Height: 4, Width: 5}}
	link := func(to, from string) string {
		from = filepath.Join(dir, from)
		require.NoError(t, os.MkdirAll(filepath.Dir(from), 0o777))
		if err := os.Symlink(to, from); err != nil {
			t.Skip(err)
		}
		return from
	}
	whole := link(data, "whole")
	set, err := p.Open(whole)
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(whole, "birds", "deep", "2.png"), filepath.Join(whole, "cats", "1.png")}, set.Files)

	link(filepath.Join(data, "cats"), "classes/dogs")
	link(filepath.Join(data, "birds"), "classes/owls")
	link(filepath.Join(data, "birds", "deep", "2.png"), "classes/ants/3.png")
	set, err = p.Open(filepath.Join(dir, "classes"))
	require.NoError(t, err)
	require.Equal(t, []string{"ants", "dogs", "owls"}, set.Classes.Labels())
	require.Equal(t, []int{0, 1, 2}, set.Labels)
	require.Equal(t, 3, countOf(t, set))

	loop := link(dir, "classes/dogs-again/loop")
	_, err = p.Open(filepath.Join(dir, "classes"))
	require.ErrorContains(t, err, "classes")
	require.ErrorContains(t, err, "got a link to ")
	require.NoError(t, os.Remove(loop))
}

// countOf returns the number of pictures in the batches of a set.
func countOf(t *testing.T, set *PictureSet) (n int) {
	for b, err := range set.Batches(2, nil) {
		require.NoError(t, err)
		n += b.X.Shape()[0]
	}
	return n
}

// TestPicturesLabels: a line of a list without a label is an error if others have one.
func TestPicturesLabels(t *testing.T) {
	dir := folderOf(t, map[string][]byte{"1.png": encoded(t, flag(9, 6), "png"), "list.csv": []byte("1.png,a\n1.png,\n")})
	_, err := Pictures{Picture: Picture{Height: 4, Width: 5}}.Open(filepath.Join(dir, "list.csv"))
	require.ErrorContains(t, err, "line 2: got an empty label, want one on each line or on none")
}
