package eval

import (
	"math"
	"slices"
)

func init() {
	register(map[string]operator{"NonMaxSuppression": op(2, 5, "center_point_box", nonMaxSuppression)})
}

// nonMaxSuppression selects, for each image and class, boxes in the order of their scores, without those that overlap a selected one
// too much. Each row of the result is (image, class, box).
func nonMaxSuppression(c *call) *Tensor {
	boxes, scores := c.in(0), c.in(1)
	c.want(len(boxes.Shape) == 3 && len(scores.Shape) == 3 && boxes.Shape[2] == 4 && boxes.Shape[0] == scores.Shape[0] && boxes.Shape[1] == scores.Shape[2],
		"got shapes %v and %v, want (batch, boxes, 4) and (batch, classes, boxes)", boxes.Shape, scores.Shape)
	most, overlap, least := 0, 0.0, math.Inf(-1)
	if c.opt(2) != nil {
		most = c.one(2)
	}
	if c.opt(3) != nil {
		overlap = c.real(3)
	}
	if c.opt(4) != nil {
		least = c.real(4)
	}
	center := c.flag("center_point_box")
	all, points, n := boxes.Doubles(), scores.Doubles(), boxes.Shape[1]
	found := []int64{}
	for b := range boxes.Shape[0] {
		corners := make([][4]float64, n)
		for i := range corners {
			v := all[(b*n+i)*4:][:4]
			if center { // x, y, width, height
				v = []float64{v[1] - v[3]/2, v[0] - v[2]/2, v[1] + v[3]/2, v[0] + v[2]/2}
			}
			corners[i] = [4]float64{min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3])}
		}
		for class := range scores.Shape[1] {
			score := points[(b*scores.Shape[1]+class)*n:][:n]
			var order, kept []int
			for i, s := range score {
				if s > least {
					order = append(order, i)
				}
			}
			slices.SortStableFunc(order, func(i, j int) int {
				if score[i] > score[j] {
					return -1
				}
				if score[i] < score[j] {
					return 1
				}
				return 0
			})
			for _, i := range order {
				if len(kept) >= most {
					break
				}
				c.spend(4 * len(kept))
				if !slices.ContainsFunc(kept, func(k int) bool { return intersection(corners[i], corners[k]) > overlap }) {
					kept = append(kept, i)
					found = append(found, int64(b), int64(class), int64(i))
				}
			}
		}
	}
	return of([]int{len(found) / 3, 3}, found)
}

// intersection is the area of two boxes' intersection divided by that of their union.
func intersection(a, b [4]float64) float64 {
	h, w := min(a[2], b[2])-max(a[0], b[0]), min(a[3], b[3])-max(a[1], b[1])
	if h <= 0 || w <= 0 {
		return 0
	}
	area := func(v [4]float64) float64 { return (v[2] - v[0]) * (v[3] - v[1]) }
	return h * w / (area(a) + area(b) - h*w)
}
