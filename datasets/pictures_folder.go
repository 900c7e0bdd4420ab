package datasets

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// folder finds the pictures below a folder and returns their labels.
func (s *PictureSet) folder(dir string) (labels []string, err error) {
	above := "" // a picture in the folder itself
	err = walkLinks(dir, nil, func(path string) error {
		if !slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".webp"}, strings.ToLower(filepath.Ext(path))) {
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

// walkLinks calls f for the files below a folder whose names do not begin with a dot, in lexical order, also for those in folders that
// links lead to. around are the links that have led to dir.
func walkLinks(dir string, around []string, f func(path string) error) error {
	target, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return err
	}
	if slices.Contains(around, target) {
		return fmt.Errorf("%s: got a link to %s, which it is in, want none", dir, target)
	}
	around = append(slices.Clip(around), target)
	return filepath.WalkDir(target, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(target, path)
		if err != nil {
			return err
		}
		path = filepath.Join(dir, below)
		switch {
		case below != "." && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
		case e.Type()&fs.ModeSymlink != 0:
			if info, err := os.Stat(path); err == nil && info.IsDir() {
				return walkLinks(path, around, f)
			}
			return f(path)
		case !e.IsDir():
			return f(path)
		}
		return nil
	})
}
