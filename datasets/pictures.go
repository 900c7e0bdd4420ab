package datasets

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/nndiy/nndiy/graph"
)

// Pictures reads labelled pictures from files in PNG, JPEG, GIF and WebP, of any sizes. The files are decoded when their batch is
// needed, so their number is not limited by memory; put a Prefetch around the set to decode ahead of training with all cores:
//
//	set, err := datasets.Pictures{Picture: datasets.Picture{Height: 64, Width: 64}}.Open("flowers")
//	train := datasets.Prefetch{From: set}
type Pictures struct {
	Picture

	// SkipDamaged has Open decode every file once, with all cores, and leave out those that cannot be decoded, which
	// PictureSet.Damaged lists. Otherwise such a file is an error of its batch.
	SkipDamaged bool
}

// A PictureSet is a data set of pictures in files. X is (n, Channels, Height, Width), from 0 to 1; Y is (n), the class numbers as
// float32, or nil if the pictures have no labels. Its methods are safe for concurrent use.
type PictureSet struct {
	Files   []string // paths of the pictures
	Labels  []int    // the class number of each; nil without labels
	Classes Classes[string]
	Damaged []error // of the files that were left out, with their paths

	Picture
}

var (
	_ Indexed           = (*PictureSet)(nil)
	_ graph.StepCounter = (*PictureSet)(nil)
	_ tasked            = (*PictureSet)(nil)
)

// Open finds the pictures of a folder, or of a list file. In a folder, each subfolder is a class of its name, with all pictures in it
// and below; pictures in the folder itself, without subfolders, have no labels. Files of other types, and names that begin with a
// dot, are left out. A list file is CSV without a header: on each line the path of a picture, relative to the list's folder, and its
// label, or no label on any line.
func (p Pictures) Open(path string) (*PictureSet, error) {
	err := p.check()
	s := &PictureSet{Picture: p.Picture}
	var labels []string
	if err == nil {
		var info os.FileInfo
		if info, err = os.Stat(path); err == nil {
			if info.IsDir() {
				labels, err = s.folder(path)
			} else {
				labels, err = s.list(path)
			}
		}
	}
	if err == nil && len(s.Files) == 0 {
		err = fmt.Errorf("%s: got no files of pictures, want at least one .png, .jpg, .jpeg, .gif or .webp", path)
	}
	if err == nil && p.SkipDamaged {
		if labels = s.skip(labels); len(s.Files) == 0 {
			err = fmt.Errorf("%s: got only damaged pictures, want at least one that is not: %w", path, s.Damaged[0])
		}
	}
	if err == nil && labels != nil {
		if s.Classes, err = ClassesOf(labels); err == nil {
			for _, l := range labels {
				n, _ := s.Classes.Number(l)
				s.Labels = append(s.Labels, n)
			}
		}
	}
	if err != nil {
		return nil, placed("Pictures", err)
	}
	return s, nil
}

// folder finds the pictures below a folder and returns their labels.
func (s *PictureSet) folder(dir string) (labels []string, err error) {
	above := "" // a picture in the folder itself
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != dir && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.IsDir() || !slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".webp"}, strings.ToLower(filepath.Ext(path))):
			return nil
		}
		below, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		s.Files = append(s.Files, path)
		if class, _, ok := strings.Cut(filepath.ToSlash(below), "/"); ok {
			labels = append(labels, class)
		} else {
			above = path
		}
		return nil
	})
	if err == nil && above != "" && labels != nil {
		err = fmt.Errorf("%s: got a picture beside the folders of the classes, want it in one of them", above)
	}
	return labels, err
}

// list reads a list file and returns the labels.
func (s *PictureSet) list(path string) (labels []string, err error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text := bufio.NewReader(in)
	if mark, _ := text.Peek(3); string(mark) == "\ufeff" {
		_, _ = text.Discard(3)
	}
	r := csv.NewReader(text)
	r.TrimLeadingSpace = true
	for {
		fields, err := r.Read() // all lines have as many fields as the first
		if errors.Is(err, io.EOF) {
			return labels, nil
		}
		if err == nil && (len(fields) > 2 || fields[0] == "") {
			line, _ := r.FieldPos(0)
			err = fmt.Errorf("line %d: got %d fields, %.40q first, want the path of a picture, or a path and a label", line, len(fields), fields[0])
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		name := filepath.FromSlash(fields[0])
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(path), name)
		}
		s.Files = append(s.Files, name)
		if len(fields) == 2 {
			labels = append(labels, fields[1])
		}
	}
}

// skip decodes all files, leaves out the damaged ones, and returns the labels of the others.
func (s *PictureSet) skip(labels []string) (kept []string) {
	found := make([]error, len(s.Files))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(s.Files)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(found)); i = next.Add(1) - 1 {
				_, found[i] = s.Picture.decodeFile(s.Files[i])
			}
		})
	}
	wg.Wait()
	var files []string
	for i, err := range found {
		if err != nil {
			s.Damaged = append(s.Damaged, err)
			continue
		}
		files = append(files, s.Files[i])
		if labels != nil {
			kept = append(kept, labels[i])
		}
	}
	s.Files = files
	return kept
}
