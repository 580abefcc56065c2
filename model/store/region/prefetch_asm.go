//go:build amd64 || arm64

package region

import "unsafe"

//go:noescape
func prefetch(p unsafe.Pointer)

//go:noescape
func prefetchAll(addresses []uintptr)
