package metrics

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// String returns a table with a line for each true class and a column for each predicted class, recall on the right, precision
// at the bottom, and the accuracy in the corner. Predictions of NaN get a column if there are any.
func (c *Confusion) String() string {
	head := []string{`true\predicted`}
	foot := []string{"precision"}
	for p := range c.Counts {
		head = append(head, c.name(p))
		foot = append(foot, fmt.Sprintf("%.3f", c.Precision(p)))
	}
	nan := slices.ContainsFunc(c.NaN, func(n int) bool { return n > 0 })
	if nan {
		head, foot = append(head, "NaN"), append(foot, "")
	}
	table := [][]string{append(head, "recall")}
	for t, row := range c.Counts {
		line := []string{c.name(t)}
		for _, n := range row {
			line = append(line, strconv.Itoa(n))
		}
		if nan {
			line = append(line, strconv.Itoa(c.NaN[t]))
		}
		table = append(table, append(line, fmt.Sprintf("%.3f", c.Recall(t))))
	}
	return aligned(append(table, append(foot, fmt.Sprintf("%.3f", c.Accuracy()))))
}

// name returns the name of a class.
func (c *Confusion) name(class int) string {
	if class < len(c.Names) {
		return c.Names[class]
	}
	return strconv.Itoa(class)
}

// aligned formats lines of fields as a table; the first column is aligned left, the others right.
func aligned(lines [][]string) string {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, field := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(field))
		}
	}
	var b strings.Builder
	for _, line := range lines {
		for i, field := range line {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(field))
			if i == 0 {
				b.WriteString(field + pad)
			} else {
				b.WriteString("  " + pad + field)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}
