// Sends the forms of standard input by mime/multipart; see protocol.ts.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func text(encoded string) string {
	return string(must(base64.StdEncoding.DecodeString(encoded)))
}

func send(url string, body *bytes.Buffer, writer *multipart.Writer) {
	writer.Close()
	response := must(http.Post(url, writer.FormDataContentType(), body))
	defer response.Body.Close()
	content := must(io.ReadAll(response.Body))
	fmt.Println(response.StatusCode, base64.StdEncoding.EncodeToString(content))
}

func main() {
	var url string
	var body *bytes.Buffer
	var writer *multipart.Writer
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		words := strings.Split(lines.Text(), " ")
		switch words[0] {
		case "form":
			if writer != nil {
				send(url, body, writer)
			}
			url, body = words[1], &bytes.Buffer{}
			writer = multipart.NewWriter(body)
		case "field":
			writer.WriteField(text(words[1]), text(words[2]))
		default:
			part := must(writer.CreateFormFile(text(words[1]), text(words[2])))
			part.Write(must(os.ReadFile(words[4])))
		}
	}
	send(url, body, writer)
}
