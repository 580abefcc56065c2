package sim_test

import (
	"slices"
	"testing"

	"invitesim/sim"
)

func TestColumn(t *testing.T) {
	s := sim.Series{Columns: []string{"t_s", "send.sent"}, Rows: [][]float64{{0, 4}, {60, 5}, {120}}}
	if got := s.Column("send.sent"); !slices.Equal(got, []float64{4, 5, 0}) {
		t.Errorf("send.sent is %v", got)
	}
	if got := s.Column("send.cooldown"); got != nil {
		t.Errorf("a column that is not there is %v", got)
	}
}
