// Package baseline keeps what a scenario's figures were when somebody accepted them.
package baseline
