//go:build unix

package private

import (
	"fmt"
	"syscall"
)

// Free returns how many bytes the file system of a folder has left.
func Free(dir string) (uint64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, fmt.Errorf("measure free space of %s: %w", dir, err)
	}
	return st.Bavail * uint64(st.Bsize), nil
}
