"""Conditions: one tree, and the readers that turn it into truth, engine rules and prose."""
