package kernels

// packB packs the columns [j0, j1) and the depths [k0, k1) of B, unless setPanel can do without.
func (g *product[T]) packB() {
	if g.bPlain || g.prepacked {
		return
	}
	if g.packed == nil {
		g.packed = borrow[T](ceilTo(g.j1-g.j0, g.tileCols) * (g.k1 - g.k0))
	}
	g.packAll()
}

// packAll packs the columns [j0, j1) and the depths [k0, k1) of B.
func (g *product[T]) packAll() {
	panels := (g.j1 - g.j0 + g.tileCols - 1) / g.tileCols
	grain := max(1, packGrain/max(1, (g.k1-g.k0)*g.tileCols))
	g.pool.For(panels, grain, g.onPanels)
}

// packPanels packs the panels [lo, hi) of the columns [j0, j1) of B at the depths [k0, k1).
func (g *product[T]) packPanels(lo, hi int) {
	w := ceilTo(g.j1-g.j0, g.tileCols)
	for k := g.k0; k < g.k1; k += g.depthBlock {
		k2 := min(k+g.depthBlock, g.k1)
		g.b.pack(g.packed[(k-g.k0)*w+lo*g.tileCols*(k2-k):], g.tileCols, g.j0+lo*g.tileCols, min(g.j0+hi*g.tileCols, g.j1), k, k2)
	}
}
