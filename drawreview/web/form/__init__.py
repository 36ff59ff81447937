"""A project as a guided form."""
