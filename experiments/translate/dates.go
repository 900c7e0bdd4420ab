package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// The dates are the days of a hundred years, so that two digits of a year are enough.
var first, end = day(1970, 1, 1), day(2070, 1, 1) // end is excluded

const iso = "2006-01-02"

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

// days returns all dates in a random order.
func days(rng *rand.Rand) []time.Time {
	var all []time.Time
	for d := first; d.Before(end); d = d.AddDate(0, 0, 1) {
		all = append(all, d)
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// forms are the ways to write a date: layouts of package time, in which 2nd and "second" are an ordinal number of the day, in digits
// and in words, and YEAR is the year in words. With slashes the month is first, with dots the day.
var forms = []string{
	"Monday the 2nd of January, 2006",
	"Monday, January 2, 2006",
	"Mon Jan 2 2006",
	"Mon, 2 Jan 06",
	"2 January 2006",
	"the 2nd of January 2006",
	"January 2nd, 2006",
	"Jan. 2, '06",
	"1/2/06",
	"01/02/2006",
	"2.1.2006",
	"02.01.06",
	"02-Jan-2006",
	"20060102",
	"2006, January the 2nd",
	"January the second, YEAR",
	"the second of January, YEAR",
}

// marks stand for what package time cannot write.
var marks = strings.NewReplacer("2nd", "<nth>", "second", "<ordinal>", "YEAR", "<year>")

// write returns a date in a form.
func write(d time.Time, form string) string {
	text, n := d.Format(marks.Replace(form)), d.Day()
	if strings.Contains(text, "<") {
		text = strings.NewReplacer("<nth>", fmt.Sprint(n)+suffix(n), "<ordinal>", ordinal(n), "<year>", year(d.Year())).Replace(text)
	}
	return text
}

// random returns a date in a random form, and sometimes in lower or upper case.
func random(d time.Time, rng *rand.Rand) string {
	text := write(d, forms[rng.IntN(len(forms))])
	switch rng.IntN(8) {
	case 0, 1:
		return strings.ToLower(text)
	case 2:
		return strings.ToUpper(text)
	}
	return text
}
