"""Rendered HTML as pure functions."""
