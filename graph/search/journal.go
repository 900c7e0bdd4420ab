package search

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// A journal is the file of finished trials: a line with the seed, then one for each trial, as JSON.
type journal[S any] struct {
	file  *os.File
	known map[[2]int]line // by number and budget
}

// A line is a trial whose settings are still JSON.
type line struct {
	Trial[json.RawMessage]
	Seed *uint64 `json:"seed,omitempty"` // of the first line, which has no trial
}

// openJournal opens the file at path, or makes it. A last line without an end, as after a crash, is removed.
func openJournal[S any](path string, seed uint64) (*journal[S], error) {
	j := &journal[S]{known: map[[2]int]line{}}
	if path == "" {
		return j, nil
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	j.file = f
	if err := j.read(path, seed); err != nil {
		f.Close()
		return nil, err
	}
	return j, nil
}

func (j *journal[S]) read(path string, seed uint64) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	data = data[:bytes.LastIndexByte(data, '\n')+1]
	for n, text := range bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) {
		if len(data) == 0 {
			break
		}
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			return fmt.Errorf("%s: line %d: %w", path, n+1, err)
		}
		switch {
		case n == 0 && (l.Seed == nil || *l.Seed != seed):
			return fmt.Errorf("%s: got the file of another search, want one with the seed %d", path, seed)
		case n > 0:
			j.known[[2]int{l.Number, l.Budget}] = l
		}
	}
	if err := j.file.Truncate(int64(len(data))); err != nil {
		return err
	}
	if _, err := j.file.Seek(int64(len(data)), 0); err != nil {
		return err
	}
	if len(data) == 0 {
		return j.append(map[string]uint64{"seed": seed})
	}
	return nil
}

// find returns a trial that has finished.
func (j *journal[S]) find(t Trial[S]) (Trial[S], bool, error) {
	l, ok := j.known[[2]int{t.Number, t.Budget}]
	if !ok {
		return t, false, nil
	}
	want, err := json.Marshal(t.Settings)
	if err != nil {
		return t, false, err
	}
	if !bytes.Equal(want, l.Settings) {
		return t, false, fmt.Errorf("trial %d: got the settings %.200s in the file, want %.200s as drawn", t.Number, l.Settings, want)
	}
	t.Score, t.Err = l.Score, l.Err
	return t, true, nil
}

func (j *journal[S]) write(t Trial[S]) error {
	if j.file == nil {
		return nil
	}
	return j.append(t)
}

// append adds a line, and returns after it is on the disk.
func (j *journal[S]) append(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if _, err := j.file.Write(append(text, '\n')); err != nil {
		return err
	}
	return j.file.Sync()
}

func (j *journal[S]) close() {
	if j.file != nil {
		j.file.Close()
	}
}
