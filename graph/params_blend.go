package graph

import (
	"errors"
	"fmt"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// Weights returns copies of all parameters, states included, of all models over the Params.
func (ps *Params) Weights() (w Weights) {
	_ = ps.read(func() error {
		w = weightsOf(ps.list)
		return nil
	})
	return w
}

// SetWeights sets all parameters, as Model.SetWeights does.
func (ps *Params) SetWeights(w Weights) error {
	return public("Params.SetWeights", ps.change(func() error { return ps.set(ps.list, w) }))
}

// set sets some of the parameters and their averages. The caller holds the lock.
func (ps *Params) set(list []*param, w Weights) error {
	err := setWeights(list, ps.dtype, w)
	if err == nil {
		ps.resetAverages(list)
		ps.version++
	}
	return err
}

// Blend moves every parameter p, states included, towards the parameter q of the same name in another set:
//
//	p = p + fraction·(q - p)
//
// A fraction of 1 copies. The other set must have all these parameters, in the same shapes and of the same element type; it may
// have more. So a target network follows the one that is trained (Lillicrap et al., 2016, "Continuous control with deep
// reinforcement learning"): compile it over Params of its own, and after each step call
//
//	err := target.Blend(params, 0.005)
//
// On error nothing changes. If a model averages the weights, Blend reads and sets the averages, and sets the weights too.
func (ps *Params) Blend(from *Params, fraction float64) error {
	switch {
	case from == nil:
		return errors.New("graph: Params.Blend: got no Params to blend from, want some")
	case !(fraction >= 0 && fraction <= 1):
		return fmt.Errorf("graph: Params.Blend: got the fraction %v, want from 0 to 1", fraction)
	case from == ps:
		return nil
	}
	blend := func() error { return ps.blend(from, fraction) }
	var err error
	if ps.place() < from.place() {
		err = ps.change(func() error { return from.read(blend) })
	} else {
		err = from.read(func() error { return ps.change(blend) })
	}
	return public("Params.Blend", err)
}

// blend is Blend for a caller that holds both locks.
func (ps *Params) blend(from *Params, fraction float64) error {
	if len(ps.list) == 0 {
		return errors.New("got Params without parameters, want them to be those of a compiled model")
	}
	if from.dtype != ps.dtype {
		return fmt.Errorf("got parameters of %v to blend from, want %v", from.dtype, ps.dtype)
	}
	var missing []string
	for _, p := range ps.list {
		q := from.byName[p.name]
		if q == nil {
			missing = append(missing, p.name)
		} else if !tensors.SameShape(q.value, p.shape) {
			return fmt.Errorf("parameter %s: got shape %v to blend from, want %v", p.name, q.shape, p.shape)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("got no %s to blend from, want all parameters", enumerate(missing))
	}
	for _, p := range ps.list {
		q := from.byName[p.name]
		switch {
		case fraction == 1:
			copy(tensors.Bytes(p.value), tensors.Bytes(q.value))
		case ps.dtype == tensor.Float32:
			blendInto(tensors.Data[float32](p.value), tensors.Data[float32](q.value), float32(fraction))
		default:
			blendInto(tensors.Data[float64](p.value), tensors.Data[float64](q.value), fraction)
		}
	}
	ps.resetAverages(ps.list)
	ps.version++
	return nil
}

func blendInto[T Float](p, q []T, fraction T) {
	for i, v := range q[:len(p)] {
		if p[i] != v { // equal infinities, in a mask, stay
			p[i] += fraction * (v - p[i])
		}
	}
}
