package datasets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// These are the names of the four files of a data set, as in MNIST; a file compressed with gzip has the suffix .gz.
const (
	trainImages = "train-images-idx3-ubyte"
	trainLabels = "train-labels-idx1-ubyte"
	testImages  = "t10k-images-idx3-ubyte"
	testLabels  = "t10k-labels-idx1-ubyte"
)

// IDX reads labelled images from the folder dir, which contains four files named as in MNIST: train-images-idx3-ubyte,
// train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each plain or compressed with the suffix .gz (the
// plain one is read if both exist). Fashion-MNIST, KMNIST and others have this format. All images of the folder have the same
// size, which is not fixed.
//
// An error in the contents of a file wraps a *FormatError; an error for a missing file wraps fs.ErrNotExist.
func IDX(dir string) (train, test *Images, err error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("datasets: %w", err)
	}
	if !info.IsDir() {
		return nil, nil, fmt.Errorf("datasets: %s: got a file, want the folder of %s and the others", dir, trainImages)
	}
	return loadIDX(os.DirFS(dir), dir, nil)
}

// A fileCheck checks a file before it is decompressed.
type fileCheck func(name string, file []byte) error

// loadIDX reads the four files of fsys concurrently. Errors name the folder dir; check may be nil.
func loadIDX(fsys fs.FS, dir string, check fileCheck) (train, test *Images, err error) {
	parts := [4]idxPart{
		{name: trainImages, rank: 3}, {name: trainLabels, rank: 1},
		{name: testImages, rank: 3}, {name: testLabels, rank: 1},
	}
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() { parts[i].load(fsys, dir, check) })
	}
	wg.Wait()
	for _, p := range parts {
		if p.err != nil {
			return nil, nil, p.err
		}
	}
	if train, err = pair(parts[0], parts[1]); err != nil {
		return nil, nil, err
	}
	if test, err = pair(parts[2], parts[3]); err != nil {
		return nil, nil, err
	}
	if train.Rows != test.Rows || train.Cols != test.Cols {
		return nil, nil, &FormatError{parts[2].path, 8, fmt.Errorf("got images of %d×%d, want %d×%d as in %s",
			test.Rows, test.Cols, train.Rows, train.Cols, parts[0].path)}
	}
	return train, test, nil
}

// An idxPart is one of the four files of a data set.
type idxPart struct {
	name string // without .gz
	rank int
	path string // name in errors
	dims []int
	data []byte
	err  error
}

// load reads the file, plain or compressed.
func (p *idxPart) load(fsys fs.FS, dir string, check fileCheck) {
	name := p.name
	file, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		name += ".gz"
		file, err = fs.ReadFile(fsys, name)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.err = fmt.Errorf("datasets: %s: got neither %s nor %s.gz, want one of them: %w", dir, p.name, p.name, fs.ErrNotExist)
		return
	case err != nil:
		p.err = fmt.Errorf("datasets: %s: %w", dir, err)
		return
	}
	p.path = filepath.Join(dir, name)
	if check != nil {
		if p.err = check(name, file); p.err != nil {
			return
		}
	}
	p.dims, p.data, p.err = decodeIDX(p.path, file, p.rank)
}

// pair combines images and their labels.
func pair(images, labels idxPart) (*Images, error) {
	if images.dims[0] != labels.dims[0] {
		return nil, &FormatError{labels.path, 4, fmt.Errorf("got %d labels, want %d, one for each image of %s",
			labels.dims[0], images.dims[0], images.path)}
	}
	return &Images{Rows: images.dims[1], Cols: images.dims[2], Pixels: images.data, Labels: labels.data}, nil
}
