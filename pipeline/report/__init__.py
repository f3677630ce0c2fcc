"""Pages for people to read and hand on: values in, HTML out. The only home of Jinja2."""
