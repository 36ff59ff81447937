"""Deciding: two engines over one rulebook, and the decision they agree on."""
