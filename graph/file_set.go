package graph

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/internal/atomicfile"
)

// Save writes all parameters, and for each model over the Params that has an optimizer the optimizer's state and how far the model
// was trained, in the safetensors format. It does not describe the networks: to go on, compile the same models over new Params,
// those with an optimizer in the same order, and call Load. ReadWeights reads the parameters alone, as other programs do.
func (ps *Params) Save(w io.Writer) error { return public("Params.Save", ps.save(w)) }

func (ps *Params) save(w io.Writer) error {
	f := newFile()
	err := ps.read(func() error {
		for _, p := range ps.list {
			if err := addTensor(&f.File, p.name, p.value); err != nil {
				return err
			}
		}
		return f.addStores(ps, nil)
	})
	if err != nil {
		return err
	}
	return f.write(w)
}

// SaveFile is Save to a file, which is replaced as a whole, as by Model.SaveFile.
func (ps *Params) SaveFile(path string) error {
	return public("Params.SaveFile: "+path, atomicfile.Write(path, ps.save))
}

// Load sets everything that Save wrote: afterwards all models train on with the same bits as those that were saved. From other
// files in the safetensors format it reads only the parameters, as Model.Load does. On error nothing changes.
func (ps *Params) Load(r io.Reader) error { return public("Params.Load", ps.load(r)) }

// LoadFile is Load for the file at a path.
func (ps *Params) LoadFile(path string) error {
	in, err := os.Open(path)
	if err != nil {
		return public("Params.LoadFile", err)
	}
	defer in.Close()
	return public("Params.LoadFile: "+path, ps.load(in))
}

func (ps *Params) load(r io.Reader) error {
	f, err := readFile(r)
	if err != nil {
		return err
	}
	w := Weights{}
	for _, t := range f.Tensors {
		if f.ours() && strings.HasPrefix(t.Name, "/") {
			continue
		}
		if w[t.Name], err = fromFile(t); err != nil {
			return fmt.Errorf("parameter %.64q: %w", t.Name, err)
		}
	}
	return ps.change(func() error {
		var all *set
		averaged := ps.averaged
		if f.ours() && f.Metadata[setKey] != "" {
			if all, err = f.set(ps, nil); err != nil {
				return err
			}
			ps.average(all.averaged)
		}
		if err := ps.set(ps.list, w); err != nil {
			ps.average(averaged)
			return err
		}
		all.restore()
		return nil
	})
}

// addOthers adds what a model's checkpoint stores of other models over the same Params, if there are some.
func (f *modelFile) addOthers(own *store) error {
	ps := own.params
	return ps.read(func() error {
		if len(ps.list) == len(own.list) && len(ps.stores) < 2 {
			return nil
		}
		for _, p := range ps.list {
			if own.byName[p.name] == nil {
				if err := addTensor(&f.File, setPrefix+"param/"+p.name, p.value); err != nil {
					return err
				}
			}
		}
		return f.addStores(ps, own)
	})
}

// addStores adds the positions and the optimizers' slots of models, except of own, whose file it is.
func (f *modelFile) addStores(ps *Params, own *store) error {
	positions := make([]position, len(ps.stores))
	for i, s := range ps.stores {
		if s == own {
			continue
		}
		positions[i] = *s.position(s.list)
		for _, p := range s.list {
			for k, slot := range p.slots {
				if s.steps == 0 { // the slots are zero
					continue
				}
				if err := addTensor(&f.File, setSlotName(i, k, p.name), slot); err != nil {
					return err
				}
			}
		}
	}
	text, err := registry.EncodeState(setKey, setState(&positions, &ps.averaged), specials...)
	f.Metadata[setKey] = string(text)
	return err
}

// setSlotName returns the name in a file of slot k of a parameter in model i of a set.
func setSlotName(i, k int, parameter string) string {
	return fmt.Sprintf("%s%d/%d/%s", setPrefix, i, k, parameter)
}

// setState returns what a file stores of the positions of models.
func setState(positions *[]position, averaged *bool) Saved {
	return Saved{"models": positions, "averaged": averaged}
}

// A set is the part of a file about several models, checked and ready to be restored.
type set struct {
	stores    []*store
	positions []position
	averaged  bool
	to, from  []*Tensor
}

// set returns the part of the file about the models over ps, except own.
func (f *modelFile) set(ps *Params, own *store) (*set, error) {
	text := f.Metadata[setKey]
	if text == "" {
		if len(ps.stores) > 1 || own != nil && len(ps.list) > len(own.list) {
			return nil, errors.New("got a checkpoint of one model, want one of all models over the same Params")
		}
		return nil, nil
	}
	all := &set{stores: ps.stores}
	if err := registry.DecodeState(setKey, []byte(text), setState(&all.positions, &all.averaged), specials...); err != nil {
		return nil, err
	}
	if n := len(all.positions); n != len(ps.stores) {
		return nil, fmt.Errorf("got a file of %d models with an optimizer over the same Params, want %d", n, len(ps.stores))
	}
	byName := newSource(f).tensors
	take := func(name string, to *Tensor) error {
		t := byName[name]
		if t == nil {
			return fmt.Errorf("got no tensor %.100q in the file", name)
		}
		v, err := exact(t, to.Shape(), ps.dtype)
		all.to, all.from = append(all.to, to), append(all.from, v)
		return err
	}
	for i, s := range ps.stores {
		if s == own {
			continue
		}
		if err := all.positions[i].check(s); err != nil {
			return nil, fmt.Errorf("model %d over the Params: %w", i, err)
		}
		for _, p := range s.list {
			for k, slot := range p.slots {
				if all.positions[i].Steps == 0 { // the slots are zero
					continue
				}
				if err := take(setSlotName(i, k, p.name), slot); err != nil {
					return nil, err
				}
			}
		}
	}
	for _, p := range ps.list {
		if own != nil && own.byName[p.name] == nil {
			if err := take(setPrefix+"param/"+p.name, p.value); err != nil {
				return nil, err
			}
		}
	}
	if own != nil {
		all.stores, all.positions = slices.Clone(all.stores), slices.Clone(all.positions)
		if i := slices.Index(all.stores, own); i >= 0 {
			all.stores, all.positions = slices.Delete(all.stores, i, i+1), slices.Delete(all.positions, i, i+1)
		}
	}
	return all, nil
}

// restore sets the models. The caller holds the lock, and has set averages to be as in the file.
func (a *set) restore() {
	if a == nil {
		return
	}
	copyAll(a.to, a.from)
	for i, s := range a.stores {
		if a.positions[i].Steps == 0 {
			for _, p := range s.list {
				for _, slot := range p.slots {
					clear(slot.Raw)
				}
			}
		}
		s.setPosition(&a.positions[i])
		s.renewChoice()
	}
}
