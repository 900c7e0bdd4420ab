package serve

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

// FuzzRows checks that every accepted body is valid JSON with the same rows.
func FuzzRows(f *testing.F) {
	f.Add([]byte(`{"rows":[{"a":1.5,"b":"x","c":null},{"d":true}]}`))
	f.Add([]byte(" { \"rows\" : [ {} ] } \n"))
	f.Add([]byte(`{"rows":[{"a":[1]}]}`))
	f.Add([]byte(`{"rows":[{"a":1,"a":2}]}`))
	v := &served{model: &rowHeld{}}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, failed := v.decodeRows(body, 8)
		if failed != nil {
			require.Contains(t, []int{400, 413}, failed.code)
			require.Contains(t, failed.text, "want")
			return
		}
		var want struct{ Rows []map[string]any }
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		require.NoError(t, d.Decode(&want))
		require.Equal(t, want.Rows, got)
	})
}

// FuzzRequest checks that whatever a request has, the answer is a prediction or an error of the client, as JSON.
func FuzzRequest(f *testing.F) {
	c := Config{MaxBody: 1 << 16, MaxRows: 16, MaxSize: 16, MaxPixels: 1 << 12, MaxStreams: 2, MaxSteps: 8}
	var handlers []*Handler
	for _, m := range []model{small(f, 1, 3), sequences(f), tabular(f, "kind"), seeing(f, tensor.Float32)} {
		h, err := newHandler(m, c)
		require.NoError(f, err)
		handlers = append(handlers, h)
	}
	kinds := []string{"", "application/x-npy", "image/png", "image/gif", "image/jpeg", "image/webp"}
	for _, body := range []string{smallBody, `{"inputs":[[[1,2],[3,4]]]}`, `{"rows":[{"size":1,"city":"Oslo","built":"2020-01-01","note":"x"}]}`} {
		f.Add([]byte(body), uint8(0), false)
	}
	f.Add(npy(f, tensor.New(tensor.WithShape(1, 4), tensor.WithBacking([]float32{1, 2, 3, 4}))), uint8(1), true)
	f.Add(npy(f, tensor.New(tensor.WithShape(2, 1, 2), tensor.WithBacking([]uint8{1, 2, 3, 4}))), uint8(1), false)
	for i, kind := range kinds[2:] {
		f.Add(pictures(f, 4)[kind], uint8(i+2), false)
	}
	f.Fuzz(func(t *testing.T, body []byte, kind uint8, array bool) {
		for _, h := range handlers {
			accept := map[bool]string{true: "application/x-npy"}[array]
			code, text, media := answered(h, kinds[int(kind)%len(kinds)], accept, bytes.NewReader(body))
			switch {
			case code == http.StatusOK && strings.HasPrefix(media, "application/json"):
				require.True(t, json.Valid([]byte(text)), text)
			case code == http.StatusOK:
				require.True(t, strings.HasPrefix(text, "\x93NUMPY"))
			case code == http.StatusInternalServerError:
				require.Contains(t, text, "want a finite number, since JSON has no other")
			default:
				require.Contains(t, []int{400, 413, 415}, code, text)
				require.True(t, json.Valid([]byte(text)), text)
			}
		}
	})
}
