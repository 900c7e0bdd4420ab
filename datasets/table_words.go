package datasets

import "unsafe"

// words is a column of strings. While they are few, each has a code, and the column is a list of codes; then the column is their
// text.
type words struct {
	codes [][]uint16 // blocks of codes; code 0 is a missing string; nil once there are too many different strings
	index map[string]uint16
	list  []string // the strings by code

	text []textBlock // otherwise
	many bool
}

// maxWords is the largest number of different strings that have codes.
const maxWords = 1<<16 - 1

// someWords is the number of different strings that have codes even if most rows have one of their own.
const someWords = 1 << 12

// A textBlock holds the strings of blockRows rows.
type textBlock struct {
	data []byte
	ends []int64 // where each ends in data; the complement of that if it is missing
}

// append appends a string; nil is a missing one. It returns the memory that it takes more than before.
func (w *words) append(word []byte) (bytes int) {
	if w.many {
		return w.appendText(word)
	}
	if w.index == nil {
		w.index, w.list = map[string]uint16{}, []string{""}
	}
	code := uint16(0)
	if word != nil {
		var ok bool
		if code, ok = w.index[string(word)]; !ok {
			if len(w.list) > maxWords || len(w.list) > someWords && len(w.list) > w.len()/2 {
				return w.spread() + w.appendText(word)
			}
			s := string(word)
			code = uint16(len(w.list))
			w.index[s], w.list = code, append(w.list, s)
			bytes = len(s) + 96
		}
	}
	k := len(w.codes) - 1
	if k < 0 || len(w.codes[k]) == blockRows {
		w.codes = append(w.codes, nil)
		k++
	}
	before := cap(w.codes[k])
	w.codes[k] = append(w.codes[k], code)
	return bytes + 2*(cap(w.codes[k])-before)
}

// len returns the number of strings.
func (w *words) len() int {
	n := 0
	for _, c := range w.codes {
		n += len(c)
	}
	for _, b := range w.text {
		n += len(b.ends)
	}
	return n
}

// spread replaces the codes by the text.
func (w *words) spread() (bytes int) {
	codes, list := w.codes, w.list
	w.many = true
	for _, block := range codes {
		for _, code := range block {
			if code == 0 {
				bytes += w.appendText(nil)
			} else {
				bytes += w.appendText([]byte(list[code]))
			}
		}
		bytes -= 2 * cap(block)
	}
	for _, s := range list {
		bytes -= len(s) + 96
	}
	w.codes, w.index, w.list = nil, nil, nil
	return bytes
}

func (w *words) appendText(word []byte) (bytes int) {
	k := len(w.text) - 1
	if k < 0 || len(w.text[k].ends) == blockRows {
		if k >= 0 { // without the room to grow
			bytes = len(w.text[k].data) - cap(w.text[k].data)
			w.text[k].data = append(make([]byte, 0, len(w.text[k].data)), w.text[k].data...)
		}
		w.text, k = append(w.text, textBlock{}), k+1
	}
	b := &w.text[k]
	bytes -= cap(b.data) + 8*cap(b.ends)
	b.data = append(b.data, word...)
	end := int64(len(b.data))
	if word == nil {
		end = ^end
	}
	b.ends = append(b.ends, end)
	return bytes + cap(b.data) + 8*cap(b.ends)
}

// at returns string i; it is not ok if it is missing.
func (w *words) at(i int) (word string, ok bool) {
	if !w.many {
		code := w.codes[i/blockRows][i%blockRows]
		return w.list[code], code > 0
	}
	b, i := &w.text[i/blockRows], i%blockRows
	end, begin := b.ends[i], int64(0)
	if i > 0 {
		begin = max(b.ends[i-1], ^b.ends[i-1])
	}
	if end < 0 || begin == end {
		return "", end >= 0
	}
	return unsafe.String(&b.data[begin], end-begin), true
}
