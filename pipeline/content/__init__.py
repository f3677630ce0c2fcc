"""What sites agree on beyond Jekyll's rules: text, people, tags, links, dates; pure functions."""
