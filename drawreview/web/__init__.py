"""The window, the firm and the auditor, in a browser; it adds no law of its own."""
