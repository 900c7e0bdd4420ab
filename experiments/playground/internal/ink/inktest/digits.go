// Package inktest has drawings for tests.
package inktest

import (
	"math"

	"github.com/nndiy/nndiy/experiments/playground/internal/ink"
)

// Digits returns drawings of the ten digits, several of each, on a sheet of 280×280.
func Digits() map[int][][]ink.Stroke {
	d := map[int][][]ink.Stroke{
		0: {{arc(140, 140, 70, 105, -90, -450)}, {arc(140, 140, 55, 100, -60, 310)}, {arc(120, 150, 80, 95, -90, 275)}},
		1: {{line(140, 30, 140, 250)}, {line(160, 35, 125, 250)}, {line(105, 85, 150, 35, 145, 250)}},
		2: {
			{append(arc(140, 95, 65, 60, 190, 390), line(190, 135, 75, 245, 215, 245)...)},
			{append(arc(135, 90, 55, 55, 180, 405), line(170, 135, 80, 235, 205, 240)...)},
			{append(arc(145, 100, 70, 65, 200, 400), line(205, 130, 130, 200, 70, 240, 140, 238, 220, 245)...)},
		},
		3: {
			{append(arc(130, 90, 60, 55, 200, 440), arc(130, 195, 70, 60, -80, 150)...)},
			{append(arc(125, 85, 65, 50, 215, 450), arc(125, 190, 75, 60, -90, 140)...)},
			{append(line(70, 45, 200, 45, 130, 120), arc(130, 185, 70, 65, -90, 150)...)},
		},
		4: {
			{line(90, 40, 70, 150, 215, 150), line(180, 40, 175, 250)},
			{line(75, 50, 70, 145, 200, 140), line(190, 45, 185, 245)},
			{line(100, 35, 60, 160, 210, 155), line(170, 60, 160, 250)},
		},
		5: {
			{line(205, 40, 95, 40, 85, 125), append(line(85, 125), arc(130, 180, 70, 65, -125, 140)...)},
			{append(line(200, 45, 100, 45, 90, 130), arc(125, 185, 65, 60, -120, 150)...)},
			{append(line(210, 50, 105, 45, 95, 120), arc(135, 175, 70, 70, -125, 130)...)},
		},
		6: {
			{append(line(175, 35, 115, 90, 80, 160), arc(135, 185, 58, 58, 190, -180)...)},
			{append(line(160, 30, 100, 110, 82, 170), arc(135, 190, 55, 52, 190, -175)...)},
			{append(arc(200, 160, 120, 130, 260, 180), arc(137, 190, 57, 55, 200, -170)...)},
		},
		7: {
			{line(70, 50, 210, 50, 120, 250)},
			{line(75, 60, 200, 45, 165, 130, 130, 245)},
			{line(65, 45, 205, 45, 150, 140, 125, 250)},
		},
		8: {
			{eight(140, 85, 45, 50, 195, 60, 55)},
			{eight(140, 90, 50, 52, 195, 58, 53)},
			{eight(135, 82, 48, 47, 190, 62, 60)},
		},
		9: {
			{append(arc(135, 95, 55, 55, 0, -360), line(190, 95, 185, 170, 165, 250)...)},
			{append(arc(140, 90, 58, 52, -10, -370), line(197, 85, 180, 250)...)},
			{append(arc(130, 100, 50, 58, -20, -365), line(178, 90, 180, 180, 175, 245)...)},
		},
	}
	return d
}

// line returns the points of a path, given as x and y in turn, with points between them as a pen reports.
func line(xy ...float64) ink.Stroke {
	s := ink.Stroke{{X: xy[0], Y: xy[1]}}
	for i := 2; i < len(xy); i += 2 {
		from := s[len(s)-1]
		for k := 1.; k <= 6; k++ {
			s = append(s, ink.Point{X: from.X + (xy[i]-from.X)*k/6, Y: from.Y + (xy[i+1]-from.Y)*k/6})
		}
	}
	return s
}

// arc returns a part of an ellipse around (x, y), from one angle to another in degrees; 90 is below the middle.
func arc(x, y, rx, ry, from, to float64) ink.Stroke {
	var s ink.Stroke
	const n = 24
	for i := range n + 1 {
		a := (from + (to-from)*float64(i)/n) * math.Pi / 180
		s = append(s, ink.Point{X: x + rx*math.Cos(a), Y: y + ry*math.Sin(a)})
	}
	return s
}

// eight returns an 8 in one line: the upper loop's middle, width and height, then those of the lower one.
func eight(x, y, rx, ry, y2, rx2, ry2 float64) ink.Stroke {
	s := arc(x, y, rx, ry, -60, -270)
	s = append(s, arc(x, y2, rx2, ry2, -90, 270)...)
	return append(s, arc(x, y, rx, ry, 90, -60)...)
}
