package main

import "strings"

var (
	small = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	tens  = strings.Fields("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
)

// cardinal returns a number below 100 in words.
func cardinal(n int) string {
	switch {
	case n < 20:
		return small[n]
	case n%10 == 0:
		return tens[n/10]
	}
	return tens[n/10] + "-" + small[n%10]
}

var irregular = map[string]string{
	"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth",
}

// ordinal returns an ordinal number from 1 to 99 in words.
func ordinal(n int) string {
	words := cardinal(n)
	at := strings.LastIndex(words, "-") + 1
	last := words[at:]
	switch {
	case irregular[last] != "":
		last = irregular[last]
	case strings.HasSuffix(last, "y"):
		last = strings.TrimSuffix(last, "y") + "ieth"
	default:
		last += "th"
	}
	return words[:at] + last
}

// suffix returns the letters that make the digits of n an ordinal number.
func suffix(n int) string {
	words := ordinal(n)
	return words[len(words)-2:]
}

// year returns a year from 1910 to 2099 in words.
func year(n int) string {
	switch {
	case n == 2000:
		return "two thousand"
	case n > 2000 && n < 2010:
		return "two thousand and " + cardinal(n-2000)
	}
	return cardinal(n/100) + " " + cardinal(n%100)
}
