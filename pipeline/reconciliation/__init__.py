"""The rendered site held against its source: pure, values in and findings out."""
