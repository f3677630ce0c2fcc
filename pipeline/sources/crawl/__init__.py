"""A polite crawl of a live site: asks, keeps the bytes of both sides, finds what follows."""
