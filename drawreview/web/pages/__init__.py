"""The pages, one module for each audience and task."""
