// Go net/http: what ParseMultipartForm says.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
)

type file struct {
	Field    string `json:"field"`
	Filename string `json:"filename"`
	Type     string `json:"type"`
	Size     int64  `json:"size"`
	Sha256   string `json:"sha256"`
}

type reading struct {
	Fields [][2]string `json:"fields"`
	Files  []file      `json:"files"`
}

func readFile(field string, header *multipart.FileHeader) (file, error) {
	content, err := header.Open()
	if err != nil {
		return file{}, err
	}
	defer content.Close()
	digest := sha256.New()
	size, err := io.Copy(digest, content)
	return file{field, header.Filename, header.Header.Get("Content-Type"), size, hex.EncodeToString(digest.Sum(nil))}, err
}

func read(form *multipart.Form) (reading, error) {
	result := reading{Fields: [][2]string{}, Files: []file{}}
	for name, values := range form.Value {
		for _, value := range values {
			result.Fields = append(result.Fields, [2]string{name, value})
		}
	}
	for name, headers := range form.File {
		for _, header := range headers {
			one, err := readFile(name, header)
			if err != nil {
				return result, err
			}
			result.Files = append(result.Files, one)
		}
	}
	return result, nil
}

func upload(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(32 << 20); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	defer r.MultipartForm.RemoveAll()
	result, err := read(r.MultipartForm)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(result)
}

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	http.HandleFunc("/upload", upload)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	panic(http.Serve(listener, nil))
}
