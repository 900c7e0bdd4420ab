package serve

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestHTTP2: requests over HTTP/2, of which several use one connection, get the same answers.
func TestHTTP2(t *testing.T) {
	m := small(t, 1, 3)
	h, err := New(m, Config{MaxBody: 1 << 10})
	require.NoError(t, err)
	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	for range 3 {
		for body, want := range map[string]string{
			smallBody:                  "200 " + expected(t, m),
			strings.Repeat(" ", 1<<11): "413 {\"error\":\"body: got more than 1024 bytes, want at most 1024\"}\n",
		} {
			r, err := s.Client().Post(s.URL+"/predict", "application/json", bytes.NewReader([]byte(body)))
			require.NoError(t, err)
			require.Equal(t, 2, r.ProtoMajor)
			code, text := read(t, r)
			require.Equal(t, want, fmt.Sprint(code, " ", text))
		}
	}
}
