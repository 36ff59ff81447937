"""The JSON API, with the models of the engine."""
