// Package page makes report.html, from a result alone.
package page
