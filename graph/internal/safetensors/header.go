package safetensors

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"
)

// An entry is a tensor as the header describes it.
type entry struct {
	Tensor
	begin, end int64 // position of its data
}

// A header is the parsed header of a file.
type header struct {
	entries  []entry // in the order of their data
	metadata map[string]string
	size     int64 // size of all data
}

// parseHeader reads a header and checks that its tensors fill the data without gap or overlap.
func parseHeader(src []byte) (*header, error) {
	for at := 0; at < len(src); {
		r, n := utf8.DecodeRune(src[at:])
		if r == utf8.RuneError && n == 1 {
			return nil, fmt.Errorf("header: byte %d: got %#x, want valid UTF-8", lengthSize+at, src[at])
		}
		at += n
	}
	if len(src) == 0 || src[0] != '{' {
		return nil, fmt.Errorf("header: %w", (&scanner{src: src}).fail("'{'"))
	}
	h := &header{}
	if err := h.parse(&scanner{src: src}); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	return h, h.place()
}

// parse reads the JSON.
func (h *header) parse(s *scanner) error {
	seen := map[string]bool{}
	err := s.object(func(name string) error {
		if seen[name] {
			return s.errorf("got a second %.64q, want each name once", name)
		}
		seen[name] = true
		if name == metadataName {
			h.metadata = map[string]string{}
			return s.object(h.text(s))
		}
		e := entry{Tensor: Tensor{Name: name}, begin: -1}
		if err := e.parse(s); err != nil {
			return fmt.Errorf("tensor %.64q: %w", name, err)
		}
		h.entries = append(h.entries, e)
		return nil
	})
	if err == nil && len(bytes.TrimLeft(s.src[s.at:], " ")) > 0 {
		err = s.fail("only spaces after the object")
	}
	return err
}

// text returns a function that reads a field of the metadata.
func (h *header) text(s *scanner) func(key string) error {
	return func(key string) error {
		if _, ok := h.metadata[key]; ok {
			return s.errorf("got a second %.64q in %s, want each name once", key, metadataName)
		}
		value, err := s.text()
		h.metadata[key] = value
		return err
	}
}

// parse reads the description of a tensor.
func (e *entry) parse(s *scanner) error {
	err := s.object(func(key string) (err error) {
		switch {
		case key == "dtype" && e.DType == "":
			e.DType, err = dtype(s)
		case key == "shape" && e.Shape == nil:
			e.Shape, err = shape(s)
		case key == "data_offsets" && e.begin < 0:
			e.begin, e.end, err = offsets(s)
		default:
			err = s.errorf("got the field %.64q, want dtype, shape and data_offsets once each", key)
		}
		return err
	})
	if err == nil && (e.DType == "" || e.Shape == nil || e.begin < 0) {
		err = s.errorf("got a tensor without dtype, shape or data_offsets, want each once")
	}
	return err
}

func dtype(s *scanner) (DType, error) {
	name, err := s.text()
	if err != nil {
		return "", err
	}
	if name == "" {
		return "", s.errorf("dtype: got an empty string, want the name of a type, such as F32")
	}
	return DType(name), nil
}

func shape(s *scanner) ([]int, error) {
	shape := []int{}
	return shape, s.items('[', ']', func() error {
		n, err := s.integer()
		if err == nil && len(shape) == maxRank {
			err = s.errorf("shape: got more than %d dimensions, want fewer", maxRank)
		}
		if err == nil && n > math.MaxInt {
			err = s.errorf("shape: got the dimension %d, want at most %d", n, math.MaxInt)
		}
		shape = append(shape, int(n))
		return err
	})
}

func offsets(s *scanner) (begin, end int64, err error) {
	var list []int64
	err = s.items('[', ']', func() error {
		n, err := s.integer()
		if err == nil && len(list) == 2 {
			err = s.errorf("data_offsets: got more than 2 integers, want 2")
		}
		list = append(list, n)
		return err
	})
	if err != nil {
		return -1, -1, err
	}
	if len(list) != 2 || list[0] > list[1] {
		return -1, -1, s.errorf("data_offsets: got %v, want the beginning and the end", list)
	}
	return list[0], list[1], nil
}

// place sorts the tensors by their data and checks that each begins where the one before ends and has the size of its shape,
// if its element type is known.
func (h *header) place() error {
	slices.SortFunc(h.entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end), cmp.Compare(a.Name, b.Name))
	})
	for _, e := range h.entries {
		if e.begin != h.size {
			return fmt.Errorf("tensor %.64q: data_offsets: got [%d %d], want the beginning %d, where the tensor before it ends",
				e.Name, e.begin, e.end, h.size)
		}
		h.size = e.end
		if !e.DType.Known() {
			continue
		}
		size, err := byteSize(e.DType, e.Shape)
		if err != nil {
			return fmt.Errorf("tensor %.64q: %w", e.Name, err)
		}
		if got := uint64(e.end - e.begin); got != size {
			return fmt.Errorf("tensor %.64q: data_offsets: got [%d %d], %d bytes, want %d for %v of shape %v",
				e.Name, e.begin, e.end, got, size, e.DType, e.Shape)
		}
	}
	return nil
}
