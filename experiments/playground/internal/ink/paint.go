package ink

import "math"

// paint draws the lines of all strokes, placed by place, into the image. Where lines cross, the darker one counts.
func paint(image []float32, strokes []Stroke, place func(Point) Point) {
	for _, s := range strokes {
		for i, p := range s {
			a, b := place(s[max(i-1, 0)]), place(p)
			if i > 0 || len(s) == 1 {
				line(image, a, b)
			}
		}
	}
}

// line draws a line with round ends. The darkness of a pixel falls from 1 to 0 within one pixel around the line's edge.
func line(image []float32, a, b Point) {
	const reach = pen + 0.5
	first := func(v float64) int { return max(int(math.Floor(v-reach)), 0) }
	last := func(v float64) int { return min(int(math.Ceil(v+reach)), side-1) }
	for y := first(min(a.Y, b.Y)); y <= last(max(a.Y, b.Y)); y++ {
		for x := first(min(a.X, b.X)); x <= last(max(a.X, b.X)); x++ {
			d := distance(Point{float64(x) + 0.5, float64(y) + 0.5}, a, b)
			if v := float32(clamp(reach-d, 0, 1)); v > image[y*side+x] {
				image[y*side+x] = v
			}
		}
	}
}

// distance returns the distance of p from the line between a and b.
func distance(p, a, b Point) float64 {
	dx, dy := b.X-a.X, b.Y-a.Y
	t := 0.
	if length := dx*dx + dy*dy; length > 0 {
		t = clamp(((p.X-a.X)*dx+(p.Y-a.Y)*dy)/length, 0, 1)
	}
	return math.Hypot(p.X-a.X-t*dx, p.Y-a.Y-t*dy)
}
