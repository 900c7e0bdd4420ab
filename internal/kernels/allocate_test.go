package kernels

import "testing"

// TestKernelsAllocate: a kernel allocates nothing once it has run with the same shape, with several workers and with one.
func TestKernelsAllocate(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	for _, p := range []*Pool{nil, p} {
		for _, s := range []ConvShape{
			{8, 16, 16, 1, Window{16, 3, 1, 1, 1, 1}, Window{16, 3, 1, 1, 1, 1}}, // by tiles
			{1, 16, 16, 1, Window{32, 3, 1, 1, 1, 1}, Window{32, 3, 1, 1, 1, 1}},
			{1, 3, 8, 1, Window{64, 5, 2, 1, 2, 2}, Window{64, 5, 2, 1, 2, 2}},
			{4, 8, 8, 8, Window{16, 3, 2, 1, 1, 1}, Window{16, 3, 2, 1, 1, 1}}, // depthwise
			{4, 8, 4, 2, Window{9, 2, 1, 2, 0, 0}, Window{9, 2, 1, 1, 0, 0}},
		} {
			in, out, weights := s.sizes()
			x, y, w := make([]float32, s.Batch*s.Groups*in), make([]float32, s.Batch*s.Groups*out), make([]float32, s.Groups*weights)
			q := PoolShape{s.Batch * s.Out, PoolWindow{Window: Window{In: s.Y.Out(), Kernel: 2, Stride: 2, Dilation: 1}}, PoolWindow{Window: Window{In: s.X.Out(), Kernel: 2, Stride: 2, Dilation: 1}}}
			_, pooled := q.sizes()
			z := make([]float32, q.Planes*pooled)
			ep := &Epilogue[float32]{Bias: make([]float32, s.Out), Act: ActReLU}
			noAllocations(t, "Conv", s, func() { Conv(p, s, y, x, w, ep) })
			noAllocations(t, "ConvInput", s, func() { ConvInput(p, s, x, y, w, nil) })
			noAllocations(t, "ConvWeights", s, func() { ConvWeights(p, s, w, x, y) })
			noAllocations(t, "ConvMaxPool", s, func() { ConvMaxPool(p, s, q, z, x, w, ep) })
			noAllocations(t, "ConvWeightsPooled", s, func() { ConvWeightsPooled(p, s, q, w, x, y, z, true) })
			for _, q := range []PoolShape{q, {q.Planes, PoolWindow{Window: Window{q.Y.In, 3, 2, 1, 1, 1}}, PoolWindow{Window: Window{q.X.In, 3, 2, 1, 1, 1}}}} {
				_, pooled := q.sizes()
				z := make([]float32, q.Planes*pooled)
				noAllocations(t, "MaxPool", q, func() { MaxPool(p, q, z, y) })
				noAllocations(t, "MaxPoolPick", q, func() { MaxPoolPick(p, q, z, y, y) })
				noAllocations(t, "MaxPoolGrad", q, func() { MaxPoolGrad(p, q, y, y, z, true) })
				noAllocations(t, "AvgPool", q, func() { AvgPool(p, q, z, y, true) })
				noAllocations(t, "AvgPoolGrad", q, func() { AvgPoolGrad(p, q, y, z, true) })
			}
		}
		for _, batch := range []int{1, 3} {
			a := Attention[float32]{Batch: batch, Queries: 300, Keys: 300, Heads: 1, KeyHeads: 1, Size: 8, ValueSize: 8, Scale: 1, Keep: 0.5}
			v := func() Vectors[float32] { return Vectors[float32]{make([]float32, batch*300*8), 8} }
			q, out, dq, dk, dv, stats := v(), v(), v(), v(), v(), make([]float32, 2*batch*300)
			noAllocations(t, "Attention", batch, func() { a.Forward(p, out, stats, q, q, q, nil) })
			noAllocations(t, "Attention's derivative", batch, func() { a.Backward(p, dq, dk, dv, q, out, stats, q, q, q, nil) })
		}
		m := Matrix[float32]{Data: make([]float32, 4*32*32), Rows: 32, Cols: 32, Stride: 32}
		c := m
		c.Data = make([]float32, 4*32*32)
		noAllocations(t, "MatMulBatch", 4, func() { MatMulBatch(p, 4, c, m, m, 1024, 1024, 1024, 1, 0, false) })
		f := NewFrame([]Border{{30, 1, 1}, {30, 1, 1}})
		noAllocations(t, "CopyFramed", f, func() { CopyFramed(p, f, c.Data[:1024], m.Data[:900]) })
	}
}

func noAllocations(t *testing.T, kernel string, shape any, f func()) {
	t.Helper()
	f()
	least := testing.AllocsPerRun(2, f)
	for i := 0; i < 20 && least > 0; i++ { // other goroutines may allocate meanwhile
		least = min(least, testing.AllocsPerRun(2, f))
	}
	if least > 0 {
		t.Errorf("%s %+v: got %v objects, want 0", kernel, shape, least)
	}
}
