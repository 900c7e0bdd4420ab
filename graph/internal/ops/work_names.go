package ops

import "strings"

// Name returns a short name of what the op computes, such as "MatMul+bias+ReLU" or "Add+Tanh".
func (o *Op) Name() string {
	switch d := o.Def.(type) {
	case Affine:
		return d.MatMul.String() + d.Epilogue.name()
	case ConvAffine:
		return convNames[d.Part] + d.Epilogue.name()
	case ConvPair:
		return convNames[ConvForward] + d.First.Epilogue.name() + "+" + convNames[ConvForward] + d.Second.Epilogue.name()
	case ConvPool:
		return convNames[d.Part] + d.Epilogue.name() + "+" + poolNames[d.Pool.Part]
	case WeightsPooled:
		return convNames[ConvWeights] + "+" + poolNames[d.Pool.Part]
	case Chain:
		return d.name()
	case NormalizeChain:
		return "Normalize+" + d.After.name()
	case GroupNorm:
		return "GroupNorm" + d.after.following()
	case GroupNormGrad:
		return "GroupNormGrad" + d.after.following()
	}
	name := o.Def.String()
	if i := strings.IndexAny(name, "([{ "); i > 0 {
		name = name[:i]
	}
	return name
}

func (e Epilogue) name() string {
	var name string
	if e.Bias {
		name = "+bias"
	}
	for code, act := range activations {
		if act == e.Act && (code.Arity() == 2) == e.Deriv {
			name += "+" + code.String()
		}
	}
	if e.Plus {
		name += "+Add"
	}
	return name
}

// name returns the names of the functions, without some in the middle if they are many.
func (c Chain) name() string {
	var names []string
	for _, l := range c.Links {
		names = append(names, l.Code.String())
	}
	if k := len(names); k > 6 {
		names = append(append(names[:3:3], "…"), names[k-2:]...)
	}
	return strings.Join(names, "+")
}

// following is name for a chain that may be empty, after the name of another op.
func (c Chain) following() string {
	if len(c.Links) == 0 {
		return ""
	}
	return "+" + c.name()
}
