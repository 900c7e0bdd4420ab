package picture

import (
	"cmp"
	"slices"
)

// sweeps is the number of passes over the rows, alternating down and up.
const sweeps = 12

// sort orders the boxes of each row so that few edges cross: by the mean place of their neighbours, in repeated sweeps.
func (l *layout) sort() {
	place := make([]float64, len(l.boxes))
	number := func(row []int) {
		for i, b := range row {
			place[b] = float64(i) - float64(len(row)-1)/2
		}
	}
	for _, row := range l.rows {
		number(row)
	}
	for s := range sweeps {
		for i := range l.rows {
			row := l.rows[i]
			if s%2 == 1 {
				row = l.rows[len(l.rows)-1-i]
			}
			wanted := make(map[int]float64, len(row))
			for _, b := range row {
				near := l.boxes[b].up
				if s%2 == 1 {
					near = l.boxes[b].down
				}
				wanted[b] = mean(near, place[b], func(n int) float64 { return place[n] })
			}
			slices.SortStableFunc(row, func(a, b int) int { return cmp.Compare(wanted[a], wanted[b]) })
			number(row)
		}
	}
}

// mean returns the mean of a value over some boxes, fallback if there are none.
func mean(boxes []int, fallback float64, value func(int) float64) float64 {
	if len(boxes) == 0 {
		return fallback
	}
	sum := 0.0
	for _, b := range boxes {
		sum += value(b)
	}
	return sum / float64(len(boxes))
}

// place sets the boxes' coordinates: in each row, as near to the mean of their neighbours as their widths allow.
func (l *layout) place() {
	for _, row := range l.rows {
		l.spread(row)
	}
	for s := range sweeps {
		for i := range l.rows {
			row := l.rows[i]
			if s%2 == 1 {
				row = l.rows[len(l.rows)-1-i]
			}
			for _, b := range row {
				box := &l.boxes[b]
				near := slices.Concat(box.up, box.down)
				box.wanted = mean(near, box.x, func(n int) float64 { return l.boxes[n].x })
			}
			l.spread(row)
		}
	}
	left, right := 0.0, 0.0
	for _, b := range l.boxes {
		left, right = min(left, b.x-b.w/2), max(right, b.x+b.w/2)
	}
	y := margin
	for _, row := range l.rows {
		height := 0.0
		for _, b := range row {
			height = max(height, l.boxes[b].h)
		}
		for _, b := range row {
			box := &l.boxes[b]
			box.x += margin - left
			if box.y = y; box.node < 0 {
				box.h = height
			}
		}
		y += height + gapY
	}
	l.w, l.h = right-left+2*margin, y-gapY+margin
}

// spread moves the boxes of a row from their wanted places until none overlap: to the mean of two layouts without overlap, one
// made by pushing boxes to the right, the other by pushing them to the left.
func (l *layout) spread(row []int) {
	n := len(row)
	right, left := make([]float64, n), make([]float64, n)
	apart := func(i int) float64 { return (l.boxes[row[i]].w+l.boxes[row[i+1]].w)/2 + gapX }
	for i := range n {
		if right[i] = l.boxes[row[i]].wanted; i > 0 {
			right[i] = max(right[i], right[i-1]+apart(i-1))
		}
	}
	for i := n - 1; i >= 0; i-- {
		if left[i] = l.boxes[row[i]].wanted; i < n-1 {
			left[i] = min(left[i], left[i+1]-apart(i))
		}
	}
	for i, b := range row {
		l.boxes[b].x = (right[i] + left[i]) / 2
	}
}
