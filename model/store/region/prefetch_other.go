//go:build !amd64 && !arm64

package region

import "unsafe"

func prefetch(unsafe.Pointer) {}

func prefetchAll([]uintptr) {}
