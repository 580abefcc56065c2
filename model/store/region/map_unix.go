//go:build (linux || darwin) && !race

package region

import "syscall"

// mapZero maps size bytes of zeros, in huge pages where the system has them; nil if it does not give them.
func mapZero(size int) []byte {
	bytes, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		return nil
	}
	adviseHuge(bytes)
	return bytes
}

func unmap(bytes []byte) {
	if err := syscall.Munmap(bytes); err != nil {
		panic("region: unmap: " + err.Error())
	}
}
