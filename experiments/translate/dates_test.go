package main

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Every form of one date, and numbers in words.
func TestWrite(t *testing.T) {
	d := day(2026, 11, 28)
	want := []string{
		"Saturday the 28th of November, 2026", "Saturday, November 28, 2026", "Sat Nov 28 2026", "Sat, 28 Nov 26", "28 November 2026",
		"the 28th of November 2026", "November 28th, 2026", "Nov. 28, '26", "11/28/26", "11/28/2026", "28.11.2026", "28.11.26",
		"28-Nov-2026", "20261128", "2026, November the 28th", "November the twenty-eighth, twenty twenty-six",
		"the twenty-eighth of November, twenty twenty-six",
	}
	var got []string
	for _, f := range forms {
		got = append(got, write(d, f))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for n, want := range map[int]string{
		1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 8: "eighth", 9: "ninth", 11: "eleventh", 12: "twelfth",
		13: "thirteenth", 20: "twentieth", 21: "twenty-first", 22: "twenty-second", 30: "thirtieth", 31: "thirty-first",
	} {
		if got := ordinal(n); got != want {
			t.Errorf("ordinal(%d): got %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int]string{1: "st", 2: "nd", 3: "rd", 4: "th", 11: "th", 12: "th", 13: "th", 20: "th", 21: "st", 22: "nd", 23: "rd", 30: "th"} {
		if got := suffix(n); got != want {
			t.Errorf("suffix(%d): got %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int]string{
		1970: "nineteen seventy", 1999: "nineteen ninety-nine", 2000: "two thousand", 2001: "two thousand and one", 2010: "twenty ten", 2069: "twenty sixty-nine",
	} {
		if got := year(n); got != want {
			t.Errorf("year(%d): got %q, want %q", n, got, want)
		}
	}
}

// No text stands for two dates, so that all of them can be translated.
func TestUnambiguous(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	all := days(rng)
	if len(all) != 36525 {
		t.Errorf("got %d dates, want 36,525", len(all))
	}
	meaning := map[string]string{}
	for _, d := range all {
		for _, f := range forms {
			text, want := write(d, f), d.Format(iso)
			if other, ok := meaning[text]; ok && other != want {
				t.Fatalf("%q: got the dates %s and %s, want one", text, want, other)
			}
			meaning[text] = want
		}
	}
}
