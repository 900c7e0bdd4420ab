package eval

// blocks returns the input of 4 dimensions, and the attribute blocksize.
func (c *call) blocks() (x *Tensor, b int) {
	x, b = c.in(0), c.int("blocksize", 0)
	c.want(len(x.Shape) == 4 && b > 0, "got shape %v and blocksize %d, want 4 dimensions and blocks of 1 or more", x.Shape, b)
	return x, b
}

func depthToSpace(c *call) *Tensor {
	x, b := c.blocks()
	n, d, h, w := x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]
	c.want(d%max(product(b, b), 1) == 0, "got %d channels, want a multiple of %d", d, product(b, b))
	d /= b * b
	if c.str("mode", "DCR") == "CRD" {
		return c.permuted(x.reshaped(n, d, b, b, h, w), []int{0, 1, 4, 2, 5, 3}).reshaped(n, d, h*b, w*b)
	}
	return c.permuted(x.reshaped(n, b, b, d, h, w), []int{0, 3, 4, 1, 5, 2}).reshaped(n, d, h*b, w*b)
}

func spaceToDepth(c *call) *Tensor {
	x, b := c.blocks()
	n, d, h, w := x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]
	c.want(h%b == 0 && w%b == 0, "got shape %v, want a height and a width that %d divides", x.Shape, b)
	return c.permuted(x.reshaped(n, d, h/b, b, w/b, b), []int{0, 3, 5, 1, 2, 4}).reshaped(n, d*b*b, h/b, w/b)
}

// reverseSequence reverses the first elements of each sequence.
func reverseSequence(c *call) *Tensor {
	x, lengths := c.in(0), c.sizes(1)
	c.want(len(x.Shape) >= 2, "got shape %v, want 2 dimensions or more", x.Shape)
	batch, time := c.int("batch_axis", 1), c.int("time_axis", 0)
	c.want(batch+time == 1 && batch*time == 0, "got batch_axis %d and time_axis %d, want 0 and 1", batch, time)
	c.want(len(lengths) == x.Shape[batch], "got %d lengths for shape %v, want one for each sequence", len(lengths), x.Shape)
	index, by := c.index(x.Shape...), strides(x.Shape)
	for i := range index {
		b, t := i/by[batch]%x.Shape[batch], i/by[time]%x.Shape[time]
		c.want(lengths[b] >= 0 && lengths[b] <= x.Shape[time], "got length %d, want 0 to %d", lengths[b], x.Shape[time])
		if index[i] = i; t < lengths[b] {
			index[i] += (lengths[b] - 1 - 2*t) * by[time]
		}
	}
	return &Tensor{x.Shape, x.data.take(index, nil)}
}

// trilu keeps a triangle of matrices.
func trilu(c *call) *Tensor {
	x := c.in(0)
	c.want(len(x.Shape) >= 2, "got shape %v, want matrices", x.Shape)
	k := 0
	if c.opt(1) != nil {
		k = c.one(1)
	}
	cols := x.Shape[len(x.Shape)-1]
	rows := x.Shape[len(x.Shape)-2]
	upper := c.int("upper", 1) != 0
	index := c.index(x.Shape...)
	for i := range index {
		r, col := i/cols%rows, i%cols
		if index[i] = i; upper && col-r < k || !upper && col-r > k {
			index[i] = -1
		}
	}
	return &Tensor{x.Shape, x.data.take(index, nil)}
}
