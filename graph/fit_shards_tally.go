package graph

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// gather adds up the tallies of all shards in total. It returns rank 0's learning rate, or the error of any rank.
func (d *shards) gather(ctx context.Context, rate float64) (float64, error) {
	for stride := 1; stride < len(d.mine); stride *= 2 {
		for i := 0; i < len(d.mine); i += 2 * stride {
			d.mine[i].tally.join(d.mine[i+stride].tally)
		}
	}
	d.total = d.mine[0].tally
	if d.size() == 1 {
		return rate, nil
	}
	head := binary.LittleEndian.AppendUint64(nil, math.Float64bits(rate))
	head = binary.LittleEndian.AppendUint64(head, uint64(d.rows))
	head = binary.LittleEndian.AppendUint64(head, uint64(d.work.length()))
	list, err := d.agree(ctx, d.place, d.total.encode(head), nil)
	if err != nil {
		return rate, err
	}
	all := make([]*tally, len(list))
	for rank, m := range list {
		r := reader{rest: m}
		from := math.Float64frombits(r.uint64())
		if rank == 0 {
			rate = from
		}
		rows, length := r.uint64(), r.uint64()
		switch {
		case rows != uint64(d.rows):
			err = fmt.Errorf("got a batch of %d rows on rank %d, want %d as on rank %d", rows, rank, d.rows, d.rank())
		case length != uint64(d.work.length()):
			err = fmt.Errorf("got gradients and states of %d elements on rank %d, want %d as on rank %d: freeze the same parameters on all ranks",
				length, rank, d.work.length(), d.rank())
		default:
			all[rank] = newTally(d.model)
			err = all[rank].decode(&r)
		}
		if err != nil {
			d.over = true // so do the others, or they are silent
			return rate, err
		}
	}
	for stride := 1; stride < len(all); stride *= 2 {
		for i := 0; i < len(all); i += 2 * stride {
			all[i].join(all[i+stride])
		}
	}
	d.total = all[0]
	return rate, nil
}

// weight returns the number of samples or elements that the loss is a mean over, as batch does.
func (t *tally) weight() float64 {
	if len(t.losses) == 1 {
		return t.counts[0]
	}
	return float64(t.rows)
}

// join adds the batches of another tally.
func (t *tally) join(o *tally) {
	t.rows += o.rows
	t.loss += o.loss
	t.mixed = t.mixed || o.mixed
	for i := range t.parts {
		t.parts[i] += o.parts[i]
		t.counts[i] += o.counts[i]
	}
	for name, v := range o.logs {
		if t.logs == nil {
			t.logs = map[string]float64{}
		}
		t.logs[name] += v
	}
	for i, s := range t.scores {
		other := o.scores[i]
		for k := range s.sums {
			s.sums[k] += other.sums[k]
		}
		s.rows += other.rows
		s.pred, s.target = append(s.pred, other.pred...), append(s.target, other.target...)
	}
}

// encode appends the tally to a message.
func (t *tally) encode(to []byte) []byte {
	number := func(v float64) { to = binary.LittleEndian.AppendUint64(to, math.Float64bits(v)) }
	count := func(n int) { to = binary.LittleEndian.AppendUint64(to, uint64(n)) }
	count(t.rows)
	number(t.loss)
	mixed := 0
	if t.mixed {
		mixed = 1
	}
	count(mixed)
	for i := range t.parts {
		number(t.parts[i])
		number(t.counts[i])
	}
	count(len(t.logs))
	for _, name := range slices.Sorted(maps.Keys(t.logs)) {
		to = appendText(to, name)
		number(t.logs[name])
	}
	for _, s := range t.scores {
		count(s.rows)
		for _, v := range s.sums {
			number(v)
		}
		count(len(s.pred))
		for i := range s.pred {
			for _, v := range []*Tensor{s.pred[i], s.target[i]} {
				single := 0
				if v.Dtype() == tensor.Float32 {
					single = 1
				}
				count(single)
				count(v.Dims())
				for _, n := range v.Shape() {
					count(n)
				}
				to = append(to, tensors.Bytes(v)...)
			}
		}
	}
	return to
}

// decode is the inverse of encode, for an empty tally of the same model.
func (t *tally) decode(r *reader) error {
	t.rows, t.loss, t.mixed = int(r.uint64()), math.Float64frombits(r.uint64()), r.uint64() == 1
	for i := range t.parts {
		t.parts[i], t.counts[i] = math.Float64frombits(r.uint64()), math.Float64frombits(r.uint64())
	}
	for n := r.uint64(); n > 0 && r.err == nil; n-- {
		if t.logs == nil {
			t.logs = map[string]float64{}
		}
		name := r.text()
		t.logs[name] = math.Float64frombits(r.uint64())
	}
	for _, s := range t.scores {
		s.rows = int(r.uint64())
		for i := range s.sums {
			s.sums[i] = math.Float64frombits(r.uint64())
		}
		for n := r.uint64(); n > 0 && r.err == nil; n-- {
			s.pred = append(s.pred, r.tensor())
			s.target = append(s.target, r.tensor())
		}
	}
	return r.err
}

// A reader takes values from a message; after an error it has only zeros.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) uint64() uint64 {
	if len(r.rest) < 8 {
		r.err, r.rest = errors.New("got a message that ends early, want the same program on all ranks"), nil
		return 0
	}
	v := binary.LittleEndian.Uint64(r.rest)
	r.rest = r.rest[8:]
	return v
}

func (r *reader) text() string {
	text, rest := takeText(r.rest)
	r.rest = rest
	return text
}

func (r *reader) tensor() *Tensor {
	dt := tensor.Float64
	if r.uint64() == 1 {
		dt = tensor.Float32
	}
	dims, size := min(r.uint64(), 64), uint64(1)
	var shape []int
	for range dims {
		n := r.uint64()
		if size *= max(n, 1); n > uint64(len(r.rest)) || size > uint64(len(r.rest)) {
			r.uint64()
			r.err = errors.New("got a tensor that is larger than its message")
			size, shape = 0, append(shape, 0)
			break
		}
		shape = append(shape, int(n))
	}
	t := tensors.New(dt, shape)
	r.rest = r.rest[copy(tensors.Bytes(t), r.rest):]
	return t
}
