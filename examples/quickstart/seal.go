package main

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"strings"
)

// sealer encrypts what must not be readable in a copy of the database: AES-256-GCM with a random nonce each time. A sealed
// value is bound to a context, such as the item id.
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

// open fails for another key, for another context, and for a value that was changed.
func (s *sealer) open(sealed []byte, context string) (string, error) {
	plain, err := s.aead.Open(nil, nil, sealed, []byte(context))
	if err != nil {
		return "", errors.New("quickstart: a sealed value does not open: it was changed, or the key is another one")
	}
	return string(plain), nil
}
