package main

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"

	"github.com/nndiy/nndiy/experiments/learn"
)

// lessons returns the guide through the lessons as a part of a page. Links to the address that the command prints, by which the guide
// shows panes, become links within the page.
func lessons() ([]byte, error) {
	var b bytes.Buffer
	if err := goldmark.Convert([]byte(learn.Guide), &b); err != nil {
		return nil, err
	}
	return []byte(strings.ReplaceAll(b.String(), `href="http://localhost:8080/#`, `href="#`)), nil
}
