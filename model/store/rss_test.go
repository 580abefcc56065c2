package store_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// rss returns the resident memory of this process in bytes, 0 where the system does not tell.
func rss(tb testing.TB) int {
	tb.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		tb.Fatal(err)
	}
	return pages * os.Getpagesize()
}
