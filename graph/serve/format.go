package serve

import (
	"fmt"
	"mime"
	"slices"
	"strconv"
	"strings"
)

// A format is a data format of request bodies and answers.
type format int

const (
	jsonFormat    format = iota // {"inputs": [...]}, {"outputs": [...]}
	npyFormat                   // NumPy's .npy, one sample per row
	pictureFormat               // a picture, one sample
)

// mediaTypes holds each format's names in headers.
var mediaTypes = [...][]string{
	jsonFormat:    {"application/json"},
	npyFormat:     {"application/x-npy"},
	pictureFormat: {"image/png", "image/jpeg", "image/gif", "image/webp"},
}

// curlType is the Content-Type that curl sends by default with -d and --data-binary, whatever the data.
const curlType = "application/x-www-form-urlencoded"

// bodyFormat returns the format of a Content-Type, in letters of any case; JSON if it is empty or curl's default. Pictures says whether
// the model takes them.
func bodyFormat(text string, pictures bool) (format, *requestError) {
	if text == "" || text == curlType {
		return jsonFormat, nil
	}
	kind := text
	if !slices.Contains(mediaTypes[jsonFormat], text) && !slices.Contains(mediaTypes[npyFormat], text) {
		var err error
		if kind, _, err = mime.ParseMediaType(text); err != nil {
			kind = ""
		}
	}
	if kind == curlType {
		return jsonFormat, nil
	}
	f := format(slices.IndexFunc(mediaTypes[:], func(names []string) bool { return slices.Contains(names, kind) }))
	if f < 0 || f == pictureFormat && !pictures {
		want := "application/json or application/x-npy"
		switch {
		case pictures:
			want += ", or image/png, image/jpeg, image/gif or image/webp"
		case f == pictureFormat:
			want += ", since the model has no preparation of pictures"
		}
		return 0, &requestError{415, fmt.Sprintf("Content-Type: got %.64q, want %s", text, want)}
	}
	return f, nil
}

// answerFormat returns npyFormat if an Accept header names it, in letters of any case, unless its quality is 0 or less than that of
// JSON; otherwise JSON.
func answerFormat(accept []string) format {
	if npy := quality(accept, npyFormat); npy > 0 && npy >= quality(accept, jsonFormat) {
		return npyFormat
	}
	return jsonFormat
}

// quality returns the largest quality, the parameter q, with which a format is named: 1 by default, 0 if it is not named.
func quality(accept []string, f format) (largest float64) {
	for _, text := range accept {
		for item := range strings.SplitSeq(text, ",") {
			kind, params, _ := strings.Cut(item, ";")
			if !strings.EqualFold(strings.TrimSpace(kind), mediaTypes[f][0]) {
				continue
			}
			q := 1.0
			for p := range strings.SplitSeq(params, ";") {
				name, value, _ := strings.Cut(p, "=")
				if v, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err == nil && strings.EqualFold(strings.TrimSpace(name), "q") {
					q = v
				}
			}
			largest = max(largest, q)
		}
	}
	return largest
}
