package onnx

// planLoops finds the Scans that recurrent operators compute, and the parameters that can be stored in their layouts: those that
// nothing else uses.
func (w *writer) planLoops() {
	w.forms, w.layouts = map[int]*recurrentForm{}, map[int]group{}
	for j := range w.items {
		if w.items[j].body != nil {
			if f := w.network.recurrent(j); f != nil {
				w.forms[j] = f
			}
		}
	}
	if w.outer != nil {
		return
	}
	reached, plain := make([]bool, len(w.items)), map[int]bool{}
	claims := map[int]group{}
	var stack []int
	for _, out := range w.outputs {
		stack = append(stack, out.item)
	}
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		plain[i] = true
		if reached[i] {
			continue
		}
		reached[i] = true
		f := w.forms[i]
		if f == nil {
			stack = append(stack, w.items[i].in...)
			continue
		}
		stack = append(stack, f.x)
		stack = append(stack, w.items[i].in[:len(w.items[i].body.states)]...)
		if f.mask >= 0 {
			stack = append(stack, f.mask)
		}
		if f.lengths >= 0 {
			stack = append(stack, f.lengths)
		}
		var lists [3][]columns
		for _, g := range f.gates {
			lists[0], lists[1] = append(lists[0], g.w), append(lists[1], g.r)
		}
		lists[2] = f.biasColumns()
		for k, list := range lists {
			for _, g := range groups(list, f.units, []int{2, 2, 1}[k]) {
				if g.item < 0 {
					continue
				}
				it := &w.items[g.item]
				width := w.width(g.item).size
				if g.turned {
					width = it.shape[0].size
				}
				if old, ok := claims[g.item]; !it.param || !g.permutes(width) || ok && old.layout != g.layout {
					stack = append(stack, g.item)
				} else {
					claims[g.item] = g
				}
			}
		}
	}
	for i, g := range claims {
		if !plain[i] {
			w.layouts[i] = g
		}
	}
}
