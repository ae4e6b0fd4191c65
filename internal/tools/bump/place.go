package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// place moves the files that a bump writes from one folder to another: all of them, or none. Each is first written beside
// its place and then renamed (os.Rename); what fails is undone.
func place(from, to string, rename func(from, to string) error) (err error) {
	type move struct {
		name     string
		old      []byte
		existed  bool
		replaced bool
	}
	var moves []*move
	defer func() {
		for _, m := range moves {
			os.Remove(m.name + ".tmp")
			if err == nil || !m.replaced {
				continue
			}
			if m.existed {
				err = errors.Join(err, os.WriteFile(m.name, m.old, 0o644))
			} else {
				err = errors.Join(err, os.Remove(m.name))
			}
		}
	}()
	for _, name := range written {
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		m := &move{name: filepath.Join(to, name)}
		m.old, err = os.ReadFile(m.name)
		m.existed = err == nil
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if m.existed && bytes.Equal(m.old, data) {
			continue
		}
		moves = append(moves, m)
		if err := os.WriteFile(m.name+".tmp", data, 0o644); err != nil {
			return err
		}
	}
	for _, m := range moves {
		if err := rename(m.name+".tmp", m.name); err != nil {
			return err
		}
		m.replaced = true
	}
	return nil
}
