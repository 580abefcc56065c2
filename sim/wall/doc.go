// Package wall runs people against the system in wall time.
package wall
