package serve

import (
	"fmt"
	"mime"
	"slices"
	"strings"
)

// A format is a data format of request bodies and answers.
type format int

const (
	jsonFormat format = iota // {"inputs": [...]}, {"outputs": [...]}
	npyFormat                // NumPy's .npy, one sample per row
)

// mediaTypes holds each format's name in headers.
var mediaTypes = [...][]string{jsonFormat: {"application/json"}, npyFormat: {"application/x-npy"}}

// curlType is the Content-Type that curl sends by default with -d and --data-binary, whatever the data.
const curlType = "application/x-www-form-urlencoded"

// bodyFormat returns the format of a Content-Type; JSON if it is empty or curl's default.
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
		return 0, &requestError{415, fmt.Sprintf("Content-Type: got %.64q, want application/json or application/x-npy", text)}
	}
	return format(f), nil
}

// answerFormat returns npyFormat if an Accept header names it, otherwise JSON.
func answerFormat(accept []string) format {
	if slices.ContainsFunc(accept, func(text string) bool { return strings.Contains(text, mediaTypes[npyFormat][0]) }) {
		return npyFormat
	}
	return jsonFormat
}
