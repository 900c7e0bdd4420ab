package serve

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAnswerFormat(t *testing.T) {
	for _, c := range []struct {
		accept []string
		want   format
	}{
		{nil, jsonFormat},
		{[]string{"*/*"}, jsonFormat},
		{[]string{"application/json"}, jsonFormat},
		{[]string{"application/x-npy"}, npyFormat},
		{[]string{"Application/X-NPY"}, npyFormat},
		{[]string{"text/html,application/X-npy ;level=1;q=0.3, */*;q=0.1"}, npyFormat},
		{[]string{"text/html", "application/x-npy"}, npyFormat},
		{[]string{"application/x-npy;q=0"}, jsonFormat},
		{[]string{"application/x-npy; Q=0.000, */*"}, jsonFormat},
		{[]string{"application/json, application/x-npy"}, npyFormat},
		{[]string{"application/json;q=0.5, application/x-npy;q=0.9"}, npyFormat},
		{[]string{"Application/JSON", "application/x-npy;q=0.9"}, jsonFormat},
		{[]string{"application/x-npy;q=NaN"}, jsonFormat},
		{[]string{"application/x-npy-archive"}, jsonFormat},
		{[]string{"application/x-npy;q=high"}, npyFormat},
		{[]string{";q=0,,;,=", "application/x-npy;;"}, npyFormat},
	} {
		assert.Equal(t, c.want, answerFormat(c.accept), "%q", c.accept)
	}
}

func TestBodyFormat(t *testing.T) {
	for _, c := range []struct {
		text     string
		pictures bool
		want     format
		code     int
	}{
		{"", false, jsonFormat, 0},
		{"Application/JSON; charset=UTF-8", false, jsonFormat, 0},
		{"application/X-NPY", false, npyFormat, 0},
		{"IMAGE/PNG", true, pictureFormat, 0},
		{"IMAGE/PNG", false, 0, 415},
		{"Application/X-WWW-Form-Urlencoded", false, jsonFormat, 0},
		{"application/x-www-form-urlencoded; charset=UTF-8", false, jsonFormat, 0},
		{"text/plain", true, 0, 415},
		{"application/x-npy-archive", true, 0, 415},
	} {
		got, failed := bodyFormat(c.text, c.pictures)
		code := 0
		if failed != nil {
			code = failed.code
		}
		assert.Equal(t, c.code, code, "%q", c.text)
		assert.Equal(t, c.want, got, "%q", c.text)
	}
}
