package datasets

import (
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"github.com/nndiy/nndiy/graph"
)

// summaryColumns is the largest number of columns that String describes.
const summaryColumns = 200

// String returns a summary for a person: for each column its kind, the number of missing and of different values, and the
// least, the quartiles and the largest of numbers and times, or the most frequent of other values with their counts. A column
// that is a target has a star.
func (t *Table) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d rows, %d columns\n", t.n, len(t.columns))
	w := tabwriter.NewWriter(&b, 0, 1, 2, ' ', 0)
	fmt.Fprintln(w, "column\tkind\tmissing\tdistinct\tvalues")
	for i, c := range t.columns {
		if i == summaryColumns {
			fmt.Fprintf(w, "and %d more\n", len(t.columns)-i)
			break
		}
		kind := string(c.Kind)
		if c.Target {
			kind += " *"
		}
		missing, distinct, values := t.describe(c)
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%s\n", short(c.Name, 32), kind, missing, distinct, values)
	}
	w.Flush()
	return strings.TrimRight(b.String(), "\n")
}

// describe returns what the summary says of a column.
func (t *Table) describe(c *column) (missing, distinct int, values string) {
	if c.Kind == graph.KindCategory || c.Kind == graph.KindText {
		return t.describeWords(c)
	}
	list := make([]float64, 0, t.n)
	for i := range t.n {
		if v := c.numbers.at(t.row(i)); v == v {
			list = append(list, v)
		}
	}
	missing = t.n - len(list)
	if len(list) == 0 {
		return missing, 0, ""
	}
	slices.Sort(list)
	for i, v := range list {
		if i == 0 || v != list[i-1] {
			distinct++
		}
	}
	var parts []string
	for q := range 5 {
		v := list[int(math.Round(float64(q)/4*float64(len(list)-1)))]
		if c.Kind == graph.KindTime {
			parts = append(parts, shortTime(timeOf(v)))
		} else {
			parts = append(parts, fmt.Sprintf("%.4g", v))
		}
	}
	return missing, distinct, strings.Join(parts, " … ")
}

func shortTime(t time.Time) string {
	if t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}

// describeWords is describe for strings. The most frequent ones are found among those that have codes; of others it shows the first.
func (t *Table) describeWords(c *column) (missing, distinct int, values string) {
	counts, seed, seen := map[string]int{}, maphash.MakeSeed(), map[uint64]struct{}{}
	var order []string
	for i := range t.n {
		s, ok := c.words.at(t.row(i))
		if !ok {
			missing++
			continue
		}
		if counts[s]++; counts[s] == 1 {
			order = append(order, s)
			if c.words.many && len(order) > someWords { // counted by a hash of eight bytes
				delete(counts, s)
				order = order[:someWords]
			}
		}
		if c.words.many {
			seen[maphash.String(seed, s)] = struct{}{}
		}
	}
	distinct = len(order)
	if c.words.many {
		distinct = len(seen)
	} else {
		slices.SortStableFunc(order, func(a, b string) int { return counts[b] - counts[a] })
	}
	var parts []string
	for _, s := range order[:min(len(order), 3)] {
		if c.words.many {
			parts = append(parts, fmt.Sprintf("%q", short(s, 40)))
		} else {
			parts = append(parts, fmt.Sprintf("%q × %d", short(s, 24), counts[s]))
		}
	}
	if len(order) > 3 {
		parts = append(parts, "…")
	}
	return missing, distinct, strings.Join(parts, ", ")
}

// short returns at most n characters of a text.
func short(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
