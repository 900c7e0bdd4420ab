package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Write writes a file. The order of f.Tensors does not matter: tensors with larger elements come first, so that all are aligned,
// and tensors of one type are ordered by name. Types that are not known come last.
func Write(w io.Writer, f *File) error {
	tensors := slices.Clone(f.Tensors)
	slices.SortFunc(tensors, func(a, b Tensor) int {
		return cmp.Or(cmp.Compare(b.DType.order(), a.DType.order()), cmp.Compare(a.DType, b.DType), cmp.Compare(a.Name, b.Name))
	})
	header, err := formatHeader(tensors, f.Metadata)
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	if _, err := w.Write(header); err != nil {
		return fmt.Errorf("safetensors: header: %w", err)
	}
	for _, t := range tensors {
		if _, err := w.Write(t.Data); err != nil {
			return fmt.Errorf("safetensors: tensor %.64q: %w", t.Name, err)
		}
	}
	return nil
}

// formatHeader returns the header after its length, padded with spaces so that the data is aligned.
func formatHeader(tensors []Tensor, metadata map[string]string) ([]byte, error) {
	var b bytes.Buffer
	b.Write(make([]byte, lengthSize))
	separator := "{"
	if metadata != nil {
		b.WriteString(`{"` + metadataName + `":{`)
		for i, key := range slices.Sorted(maps.Keys(metadata)) {
			if !utf8.ValidString(key) || !utf8.ValidString(metadata[key]) {
				return nil, fmt.Errorf("metadata %.64q: got %.64q, want valid UTF-8", key, metadata[key])
			}
			if i > 0 {
				b.WriteByte(',')
			}
			writeText(&b, key)
			b.WriteByte(':')
			writeText(&b, metadata[key])
		}
		b.WriteByte('}')
		separator = ","
	}
	seen, at := map[string]bool{}, 0
	for _, t := range tensors {
		if err := t.check(); err != nil {
			return nil, fmt.Errorf("tensor %.64q: %w", t.Name, err)
		}
		if seen[t.Name] {
			return nil, fmt.Errorf("tensor %.64q: got two of this name, want one", t.Name)
		}
		seen[t.Name] = true
		b.WriteString(separator)
		separator = ","
		writeText(&b, t.Name)
		b.WriteString(`:{"dtype":`)
		writeText(&b, string(t.DType))
		b.WriteString(`,"shape":[`)
		for i, n := range t.Shape {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Itoa(n))
		}
		fmt.Fprintf(&b, `],"data_offsets":[%d,%d]}`, at, at+len(t.Data))
		at += len(t.Data)
	}
	if separator == "{" {
		b.WriteByte('{')
	}
	b.WriteByte('}')
	for b.Len()%8 != 0 {
		b.WriteByte(' ')
	}
	length := b.Len() - lengthSize
	if length > maxHeader {
		return nil, fmt.Errorf("header: got %d bytes, want at most %d", length, maxHeader)
	}
	binary.LittleEndian.PutUint64(b.Bytes(), uint64(length))
	return b.Bytes(), nil
}

// check returns an error if a tensor cannot be written.
func (t *Tensor) check() error {
	switch {
	case t.Name == metadataName || !utf8.ValidString(t.Name):
		return fmt.Errorf("got the name %.64q, want valid UTF-8 other than %q", t.Name, metadataName)
	case t.DType == "" || !utf8.ValidString(string(t.DType)):
		return fmt.Errorf("dtype: got %v, want the name of a type in valid UTF-8", t.DType)
	case len(t.Shape) > maxRank:
		return fmt.Errorf("got %d dimensions, want at most %d", len(t.Shape), maxRank)
	}
	size, err := byteSize(t.DType, t.Shape) // also checks the shape
	if err == nil && t.DType.Known() && size != uint64(len(t.Data)) {
		err = fmt.Errorf("got %d bytes of data, want %d for %v of shape %v", len(t.Data), size, t.DType, t.Shape)
	}
	return err
}

// writeText writes a JSON string.
func writeText(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s)         // neither the string nor the buffer can fail
	b.Truncate(b.Len() - 1) // the new line after it
}
