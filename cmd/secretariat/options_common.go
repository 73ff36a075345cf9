package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/url"
	"path"
)

// common are the settings that all replicas must have alike, with the version of the program, the relay without its
// password, and the content of the operator's own templates.
func (o options) common(own fs.FS) (map[string]string, error) {
	settings := map[string]string{"version": buildVersion()}
	for _, opt := range optionTable {
		if opt.common {
			settings[opt.name] = o.text(opt.name)
		}
	}
	if u, err := url.Parse(o.text("smtp-url")); err == nil && u.Host != "" {
		settings["smtp-url"] = u.Scheme + "://" + u.Host
	}
	if own == nil {
		return settings, nil
	}
	sum, err := treeSum(own)
	settings["templates"] = sum
	return settings, err
}

// treeSum is a hash of the names and the contents of the files of a folder.
func treeSum(folder fs.FS) (string, error) {
	all := sha256.New()
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		b, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(all, "%q %x\n", path.Clean(name), sha256.Sum256(b))
		return err
	})
	return fmt.Sprintf("sha256 %x", all.Sum(nil)[:8]), err
}
