package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// sealer encrypts what must not be read in a copy of the database: AES-256-GCM, a random nonce each time, and a context,
// such as the item id, that the sealed value is bound to.
type sealer struct{ aead cipher.AEAD }

const keySize = 32

// newSealer takes a key of 32 bytes in base64, as `openssl rand -base64 32` prints it.
func newSealer(key string) (*sealer, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(key))
	if err != nil || len(raw) != keySize {
		return nil, errors.New("quickstart: the key must be 32 bytes in base64, as `openssl rand -base64 32` prints them")
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return &sealer{aead}, err
}

func (s *sealer) seal(plain, context string) []byte {
	return s.aead.Seal(nil, nil, []byte(plain), []byte(context))
}

// open fails for another key, another context and for a value that was changed.
func (s *sealer) open(sealed []byte, context string) (string, error) {
	plain, err := s.aead.Open(nil, nil, sealed, []byte(context))
	if err != nil {
		return "", errors.New("quickstart: a sealed value does not open: it was changed, or the key is another one")
	}
	return string(plain), nil
}

// keyFile reads the key of a file, and makes it where there is none, for its owner alone to read.
func keyFile(path string) (string, error) {
	key, err := os.ReadFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return string(key), err
	}
	raw := make([]byte, keySize)
	rand.Read(raw) // never fails
	made := base64.StdEncoding.EncodeToString(raw) + "\n"
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(made)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return "", fmt.Errorf("quickstart: storing the key: %w", err)
	}
	return made, nil
}
