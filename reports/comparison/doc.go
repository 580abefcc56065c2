// Package comparison says what differs between results, and whether it is more than noise.
package comparison
