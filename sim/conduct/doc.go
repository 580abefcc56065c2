// Package conduct is what people do, event by event, for one share of the members.
package conduct
