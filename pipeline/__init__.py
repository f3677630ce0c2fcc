"""Turn a Jekyll site and its history into a SQL catalogue and archives that can be proved."""

__version__ = "0.1.0"
