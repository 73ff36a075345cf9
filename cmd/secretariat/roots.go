package main

import (
	"crypto/x509"
	"os"
)

// readRoots reads the authorities that may sign the relay's certificate; "" means the system's.
func readRoots(path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, badUse("", "option smtp-ca: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, badUse("the file must hold certificates between BEGIN CERTIFICATE lines", "option smtp-ca: no certificate in %s", path)
	}
	return roots, nil
}
