// Package statistics has intervals and tests of samples.
package statistics
