// Writes the files of a folder as a ZIP, in a stream.
package main

import (
	"archive/zip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	output, err := os.Create(os.Args[2])
	check(err)
	writer := zip.NewWriter(output)
	check(filepath.WalkDir(os.Args[1], func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		input, err := os.Open(path)
		check(err)
		member, err := writer.Create(filepath.ToSlash(path))
		check(err)
		_, err = io.Copy(member, input)
		return err
	}))
	check(writer.Close())
	check(output.Close())
}
