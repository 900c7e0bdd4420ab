package live

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// longestLine is the longest line of a log, in bytes.
const longestLine = 1 << 20

// Open shows the runs of a file that callbacks.JSONL has written: an epoch that is not larger than the one before begins another.
func (s *Server) Open(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := s.open(f, filepath.Base(path)); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func (s *Server) open(f io.Reader, name string) error {
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, longestLine)
	var r *Run
	runs, last := 0, math.MaxInt
	var broken error // of the line before
	for n := 1; lines.Scan(); n++ {
		if broken != nil {
			return broken
		}
		if len(lines.Bytes()) == 0 {
			continue
		}
		epoch, step, names, logs, err := parseLine(lines.Bytes())
		if err != nil {
			broken = fmt.Errorf("line %d: %w", n, err) // a crash may leave half of a last line
			continue
		}
		if epoch <= last {
			if runs++; r != nil {
				r.End("")
			}
			title := name
			if runs > 1 {
				title = fmt.Sprintf("%s (%d)", name, runs)
			}
			r = s.Begin(Header{Name: title, Log: true})
		}
		last = epoch
		r.Epoch(epoch, step, math.NaN(), names, logs)
	}
	if r == nil && lines.Err() == nil {
		return errors.Join(errors.New("got no line of a log, want a file that callbacks.JSONL has written"), broken)
	}
	if r != nil {
		r.End("")
	}
	return lines.Err()
}

// parseLine reads an epoch.
func parseLine(line []byte) (epoch, step int, names []string, logs map[string]float64, err error) {
	var object map[string]any
	if err = json.Unmarshal(line, &object); err != nil {
		return
	}
	logs = map[string]float64{}
	for name, value := range object {
		switch v := value.(type) {
		case float64:
			logs[name] = v
		case string: // NaN, Infinity, -Infinity
			if logs[name], err = strconv.ParseFloat(v, 64); err != nil {
				return
			}
		default:
			err = fmt.Errorf("%.100q: got %T, want a number", name, value)
			return
		}
		names = append(names, name)
	}
	for name, to := range map[string]*int{"epoch": &epoch, "step": &step} {
		v, ok := logs[name]
		if *to = int(v); !ok || float64(*to) != v || v < 0 {
			err = fmt.Errorf("%s: got %v, want a number of 0 or more", name, object[name])
			return
		}
		delete(logs, name)
	}
	names = slices.DeleteFunc(names, func(n string) bool { return n == "epoch" || n == "step" })
	slices.Sort(names)
	return
}
