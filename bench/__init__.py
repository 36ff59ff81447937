"""Measures speed against peers in one run, by ratio; absolute times say little on a shared machine."""
