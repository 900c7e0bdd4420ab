package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/crc64"
	"maps"
	"runtime"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// ranks returns the processes of the fitting.
func (f *fitting) ranks() *ranks {
	if f.shards == nil {
		return new(ranks)
	}
	return &f.shards.ranks
}

func (f *fitting) rank() int { return f.ranks().rank() }
func (f *fitting) size() int { return f.ranks().size() }

// begin opens the checkpoint to resume from and compares the ranks of the group; err is the error of newFit, whose fitting f is.
func (f *fitting) begin(ctx context.Context, g Group, err error) error {
	if isNil(g) || g.Size() <= 1 || ctx == nil {
		if err != nil {
			return err
		}
		f.ctx = ctx
		return f.open()
	}
	all := &ranks{group: g}
	if err == nil {
		f.ctx, all = ctx, &f.shards.ranks
	}
	if _, err = all.agree(ctx, "the start", nil, err); err != nil {
		return err
	}
	if err := f.open(); err != nil && !all.over {
		_, err = all.agree(ctx, "the start of the run", nil, err)
		return err
	} else if err != nil {
		return err
	}
	return f.compare()
}

// compare returns an error that names the first setting in which ranks differ.
func (f *fitting) compare() error {
	text, err := json.Marshal(f.settings())
	list, err := f.ranks().agree(f.ctx, "the start of the run", text, err)
	if err != nil {
		return err
	}
	var first map[string]string
	for rank, m := range list {
		var other map[string]string
		if err := json.Unmarshal(m, &other); err != nil {
			return fmt.Errorf("Group: rank %d: %w", rank, err)
		}
		if rank == 0 {
			first = other
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(first)) {
			if got, want := other[name], first[name]; got != want {
				f.ranks().over = true
				at := 0
				for at < min(len(got), len(want)) && got[at] == want[at] {
					at++
				}
				if at = max(at-20, 0); at > 0 {
					return fmt.Errorf("Group: %s: got …%.60s on rank %d, want …%.60s as on rank 0", name, got[at:], rank, want[at:])
				}
				return fmt.Errorf("Group: %s: got %.60s on rank %d, want %.60s as on rank 0", name, got, rank, want)
			}
		}
	}
	return nil
}

// settings returns all that must be the same on all ranks, by names for errors.
func (f *fitting) settings() map[string]string {
	cfg, m := f.run.Config, f.model
	var types []string
	for _, c := range cfg.Callbacks {
		types = append(types, fmt.Sprintf("%T", c))
	}
	data, valid := f.dataState(), ""
	if a, ok := cfg.Valid.(Arrays); ok {
		valid = a.checksum()
	}
	s := map[string]string{
		"Seed": fmt.Sprint(m.cfg.Seed), "Shards": fmt.Sprint(cfg.Shards), "DType": m.cfg.DType.String(), "parameters": m.store.checksum(),
		"length of the training data": fmt.Sprint(data.Samples), "training data": data.Checksum, "BatchSize": fmt.Sprint(cfg.BatchSize),
		"length of the validation data": fmt.Sprint(data.Valid), "validation data": valid, "Epochs, MaxSteps, MaxTime": fmt.Sprint(cfg.Epochs, cfg.MaxSteps, cfg.MaxTime),
		"Accumulate": fmt.Sprint(cfg.Accumulate), "NoShuffle": fmt.Sprint(cfg.NoShuffle), "ValidEvery": fmt.Sprint(cfg.ValidEvery),
		"ClassWeight": fmt.Sprint(data.ClassWeight), "callbacks": fmt.Sprint(types), "size of the group": fmt.Sprint(f.size()),
		"kind of processor": fmt.Sprintf("%s %v (the environment variable NNDIY_CPU chooses a smaller one)", runtime.GOARCH, kernels.Best()),
	}
	m.describe(s)
	return s
}

// checksum returns the CRC-64 of the parameters' names and elements and of the optimizer's state, and the numbers of steps and of epochs,
// from which the order of the samples follows.
func (s *store) checksum() string {
	sum := crc64.New(crc64.MakeTable(crc64.ECMA))
	_ = s.read(func() error {
		for _, p := range s.list {
			fmt.Fprint(sum, p.name, p.shape, p.updateCount, p.frozen, p.excluded)
			sum.Write(tensors.Bytes(p.value))
			for _, slot := range p.slots {
				sum.Write(tensors.Bytes(slot))
			}
		}
		return nil
	})
	return fmt.Sprintf("%016x after %d steps and %d epochs", sum.Sum64(), s.steps, s.epochs)
}
