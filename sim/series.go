package sim

import "slices"

// Column returns the values of a column, one for each row; nil where there is no column of that name.
func (s *Series) Column(name string) []float64 {
	place := slices.Index(s.Columns, name)
	if place < 0 {
		return nil
	}
	values := make([]float64, len(s.Rows))
	for i, row := range s.Rows {
		if place < len(row) {
			values[i] = row[place]
		}
	}
	return values
}
