"""Groups of commands in which a word that is no command is a name: `lineage DOCUMENT`."""

from typing import Any

from typer.core import TyperGroup


class Naming(TyperGroup):
    """Takes `GROUP NAME` for `GROUP show NAME`, and `GROUP` alone for its first command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - the class is private to typer
        """Put in the command that was left out."""
        first = args[0] if args else ""
        if first in self.commands or first in {"--help", "-h"}:
            return super().parse_args(ctx, args)
        left_out = "show" if first and not first.startswith("-") else next(iter(self.commands))
        return super().parse_args(ctx, [left_out, *args])
