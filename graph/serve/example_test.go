package serve_test

import (
	"context"
	"crypto/subtle"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/serve"
	"github.com/nndiy/nndiy/layers"
)

// A handler of the predictions of a model, which here only doubles its input.
func Example() {
	model, err := graph.Compile(graph.LayerFunc(func(_ *graph.Scope, x graph.Node) graph.Node { return x.Add(x) }), graph.Config{Input: []int{2}})
	if err != nil {
		log.Fatal(err)
	}
	handler, err := serve.New(model, serve.Config{MaxRows: 100})
	if err != nil {
		log.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	for _, body := range []string{`{"inputs": [[1, 2], [0.5, -1]]}`, `{"inputs": [[1]]}`} {
		answer, err := http.Post(server.URL+"/predict", "application/json", strings.NewReader(body))
		if err != nil {
			log.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			log.Fatal(err)
		}
		answer.Body.Close()
		fmt.Print(answer.StatusCode, " ", string(text))
	}
	// Output:
	// 200 {"outputs":[[2,4],[1,-2]]}
	// 400 {"error":"byte 14: got \"]]}\", want 2 elements, not the array's end after 1"}
}

// authenticated answers only requests with a token in their header; others get status 401.
func authenticated(token string, next http.Handler) http.Handler {
	want := []byte("Bearer " + token)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), want) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "want a valid token", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// TLS and authentication belong to the program's own http.Server. Here the test's server has a certificate of its own, in place of
// the files of ListenAndServeTLS: see the example of a server.
func Example_authentication() {
	model, err := graph.Compile(layers.ReLU{}, graph.Config{Input: []int{2}})
	if err != nil {
		log.Fatal(err)
	}
	handler, err := serve.New(model, serve.Config{})
	if err != nil {
		log.Fatal(err)
	}
	server := httptest.NewTLSServer(authenticated("secret", handler))
	defer server.Close()
	for _, token := range []string{"guess", "secret"} {
		request, err := http.NewRequest("POST", server.URL+"/predict", strings.NewReader(`{"inputs": [[1, -2]]}`))
		if err != nil {
			log.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		answer, err := server.Client().Do(request)
		if err != nil {
			log.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			log.Fatal(err)
		}
		answer.Body.Close()
		fmt.Print(answer.StatusCode, " ", string(text))
	}
	// Output:
	// 401 want a valid token
	// 200 {"outputs":[[1,0]]}
}

// A server with TLS and authentication, below a prefix, which serves a new model whenever the file changes.
func Example_server() {
	model, err := graph.Open("model.safetensors")
	if err != nil {
		log.Fatal(err)
	}
	handler, err := serve.New(model, serve.Config{Timeout: 2 * time.Second})
	if err != nil {
		log.Fatal(err)
	}
	go handler.Watch(context.Background(), "model.safetensors", func(err error) { log.Println("new model:", err) })
	mux := http.NewServeMux()
	mux.Handle("/digits/", authenticated("secret", http.StripPrefix("/digits", handler)))
	server := &http.Server{
		Addr:              ":8443",
		Handler:           mux,
		TLSConfig:         &tls.Config{MinVersion: tls.VersionTLS13},
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
	}
	server.RegisterOnShutdown(handler.Stop)
	log.Fatal(server.ListenAndServeTLS("cert.pem", "key.pem"))
}
