"""A project's life after the decision: its events, and what is due or may be built on a day."""
