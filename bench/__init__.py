"""Measures speed against peers in one run, by ratio; times alone say little on a shared machine."""
