package sheet

// A layout holds the positions of a sheet's parts, in pixels.
type layout struct {
	scale                 int // side of the square that shows one pixel
	cellWidth, cellHeight int
	left                  int   // x of the first column
	tops                  []int // y of each row
	width, height         int   // of the sheet
}

// layout computes the layout of the sheet.
func (s Sheet) layout(t *typewriter) layout {
	l := layout{scale: max(1, side/max(s.Width, s.Height))}
	l.cellWidth, l.cellHeight = l.scale*s.Width, l.scale*s.Height
	columns, captions := 0, 0
	for _, r := range s.Rows {
		columns = max(columns, len(r.Cells))
		captions = max(captions, t.width(r.Caption))
	}
	l.left = margin
	if captions > 0 {
		l.left += captions + margin
	}
	y := margin
	if s.Title != "" {
		y += countLines(s.Title)*t.height + margin
	}
	for _, r := range s.Rows {
		if r.Gap {
			y += gap
		}
		l.tops = append(l.tops, y)
		y += max(l.cellHeight, countLines(r.Caption)*t.height) + space
		for _, c := range r.Cells {
			if c.Text != "" {
				y += t.height
				break
			}
		}
	}
	l.width = max(l.left+columns*(l.cellWidth+space)-space, margin+t.width(s.Title)) + margin
	l.height = y - space + margin
	return l
}
