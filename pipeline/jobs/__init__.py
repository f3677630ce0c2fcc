"""The jobs, one module each. A job takes values and gives a summary; it prints nothing."""
