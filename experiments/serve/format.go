package main

import (
	"fmt"
	"mime"
	"slices"
	"strings"
)

// A format is a form of bodies and answers.
type format int

const (
	jsonFormat format = iota // {"inputs": [...]}, {"outputs": [...]}
	npyFormat                // NumPy's .npy: samples by rows
)

// mediaTypes are the formats' names in headers.
var mediaTypes = [...][]string{jsonFormat: {"application/json"}, npyFormat: {"application/x-npy"}}

// curlType is the type that curl says its -d and --data-binary have, whatever they are.
const curlType = "application/x-www-form-urlencoded"

// bodyFormat returns the format that a Content-Type names; JSON if it names none, or curl's.
func bodyFormat(text string) (format, *requestError) {
	if text == "" || text == curlType {
		return jsonFormat, nil
	}
	for f, names := range mediaTypes {
		if text == names[0] {
			return format(f), nil
		}
	}
	kind, _, err := mime.ParseMediaType(text)
	f := slices.IndexFunc(mediaTypes[:], func(names []string) bool { return kind == names[0] })
	if err != nil || f < 0 {
		return 0, &requestError{415, fmt.Sprintf("got a body of type %.64q, want application/json or application/x-npy", text)}
	}
	return format(f), nil
}

// answerFormat returns npyFormat if one of the Accept headers names it, else JSON.
func answerFormat(accept []string) format {
	if slices.ContainsFunc(accept, func(text string) bool { return strings.Contains(text, mediaTypes[npyFormat][0]) }) {
		return npyFormat
	}
	return jsonFormat
}
