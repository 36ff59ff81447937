"""Advice on a decision: what to ask, what to bring, what would change it, and why at a glance."""
