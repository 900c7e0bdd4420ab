package graph

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"unsafe"

	"github.com/nndiy/nndiy/internal/tensors"
)

// Arrays is a Dataset in memory: row i of each tensor belongs to sample i. The fields have the same meaning as those of Batch.
type Arrays struct {
	X, Y *Tensor // Y may be nil

	Inputs, Targets map[string]*Tensor
	Weight          *Tensor
}

var _ PartDataset = Arrays{}

// Len returns the number of rows of X.
func (a Arrays) Len() int {
	if a.X == nil || a.X.Dims() == 0 {
		return 0
	}
	return a.X.Shape()[0]
}

// check returns an error unless all tensors have the same number of rows, at least one, and valid weights.
func (a Arrays) check() (err error) {
	if a.Len() == 0 {
		return errors.New("graph: Arrays: X: got no rows, want at least one")
	}
	a.each(func(what string, t *Tensor) *Tensor {
		if err == nil && (t == nil || t.Dims() == 0 || t.Shape()[0] != a.Len()) {
			got := "no tensor"
			if t != nil {
				got = fmt.Sprintf("shape %v", []int(t.Shape()))
			}
			err = fmt.Errorf("graph: Arrays: %s: got %s, want %d rows as in X", what, got, a.Len())
		}
		return t
	})
	if err == nil && a.Weight != nil {
		if err = checkWeight(a.Weight, a.Len(), nil); err != nil {
			err = public("Arrays", err)
		}
	}
	return err
}

// each calls f for each tensor, always in the same order, and returns the results.
func (a Arrays) each(f func(what string, t *Tensor) *Tensor) (b Batch) {
	b.X = f("X", a.X)
	if a.Y != nil {
		b.Y = f("Y", a.Y)
	}
	if a.Weight != nil {
		b.Weight = f("Weight", a.Weight)
	}
	named := func(what string, from map[string]*Tensor) map[string]*Tensor {
		if len(from) == 0 {
			return nil
		}
		to := make(map[string]*Tensor, len(from))
		for _, name := range slices.Sorted(maps.Keys(from)) {
			to[name] = f(what+" "+name, from[name])
		}
		return to
	}
	b.Inputs, b.Targets = named("input", a.Inputs), named("target", a.Targets)
	return b
}

// Batches implements Dataset. Without rng, the samples come in the order of the rows.
func (a Arrays) Batches(size int, rng *rand.Rand) iter.Seq2[Batch, error] {
	return a.Parts(size, rng, func(rows int) (from, to int) { return 0, rows })
}

// Parts implements PartDataset: it copies only the rows of the parts.
func (a Arrays) Parts(size int, rng *rand.Rand, cut func(rows int) (from, to int)) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		if err := a.check(); err != nil {
			yield(Batch{}, err)
			return
		}
		n := a.Len()
		if size <= 0 || size > n {
			size = n
		}
		p, _ := passes.Get().(*pass)
		if p == nil {
			p = new(pass)
		}
		defer func() {
			p.forget() // so that the pool does not hold the data
			passes.Put(p)
		}()
		if err := p.begin(a, size); err != nil {
			yield(Batch{}, public("Arrays", err))
			return
		}
		if rng != nil {
			rng.Shuffle(n, func(i, j int) { p.order[i], p.order[j] = p.order[j], p.order[i] })
		}
		for at := 0; at < n; at += size {
			rows := p.order[at:min(at+size, n)]
			from, to := cut(len(rows))
			var b Batch
			if from < to {
				b = p.take(a, rows[from:to])
			}
			if !yield(b, nil) {
				return
			}
		}
	}
}

// Split divides the rows at random into two parts: n rows go into first, the others into rest. The same seed gives the same
// parts.
func Split(a Arrays, n int, seed uint64) (first, rest Arrays, err error) {
	if err := a.check(); err != nil {
		return first, rest, err
	}
	if n < 1 || n >= a.Len() {
		return first, rest, fmt.Errorf("graph: Split: got %d rows for the first part, want 1 to %d", n, a.Len()-1)
	}
	order := rand.New(rand.NewPCG(seed, hashString("split"))).Perm(a.Len())
	take := func(rows []int) (Arrays, error) {
		var p pass
		if err := p.begin(a, len(rows)); err != nil {
			return Arrays{}, public("Split", err)
		}
		return Arrays(p.take(a, rows)), nil
	}
	if first, err = take(order[:n]); err == nil {
		rest, err = take(order[n:])
	}
	return first, rest, err
}

// checksum returns the CRC-32C of the tensors' names, element types, shapes and elements, in hexadecimal.
func (a Arrays) checksum() string {
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	a.each(func(what string, t *Tensor) *Tensor {
		if t == nil {
			return nil // check reports it
		}
		fmt.Fprintf(sum, "%s %v %v", what, t.Dtype(), t.Shape())
		t, err := tensors.RowMajor(t)
		if err != nil {
			return nil // Batches reports it
		}
		if v := reflect.ValueOf(t.Data()); v.Kind() == reflect.Slice && v.Type().Elem().Kind() <= reflect.Complex128 {
			sum.Write(unsafe.Slice((*byte)(v.UnsafePointer()), v.Len()*int(v.Type().Elem().Size())))
		} else {
			_, _ = io.WriteString(sum, fmt.Sprint(v))
		}
		return t
	})
	return fmt.Sprintf("%08x", sum.Sum32())
}
