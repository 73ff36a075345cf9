package main

import (
	"fmt"
	"syscall"
)

// mountMemory mounts a file system that holds so many octets, and no more, on a folder.
func mountMemory(dir string, octets int) (unmount func() error, err error) {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=0755", octets)); err != nil {
		return nil, fmt.Errorf("mount a tmpfs: %w", err)
	}
	return func() error { return syscall.Unmount(dir, 0x2) }, nil // when the last file is closed (MNT_DETACH)
}
