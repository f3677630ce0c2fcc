"""Pages that lead on, for the tests of this room."""


def leading(to: str) -> bytes:
    """Lay out a page as jekyll-redirect-from does."""
    return f"""<!DOCTYPE html>
<html lang="en-US">
  <meta charset="utf-8">
  <title>Gone elsewhere&hellip;</title>
  <link rel="canonical" href="{to}">
  <script>location="{to}"</script>
  <meta http-equiv="refresh" content="0; url={to}">
  <meta name="robots" content="noindex">
  <h1>Gone elsewhere&hellip;</h1>
  <a href="{to}">Follow if nothing happens.</a>
</html>
""".encode()
