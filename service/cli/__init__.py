"""The command ``sluice``: what the house does at the console, one module a noun, loaded when it is asked for."""

from types import MappingProxyType

import click

from service.cli import console

_NOUNS = (
    "applications",
    "assess",
    "config",
    "db",
    "demo",
    "evidence",
    "keys",
    "ledger",
    "openapi",
    "people",
    "rules",
    "version",
    "worker",
)


class _Sluice(console.Group):
    """The whole command; says what went wrong once, and leaves with the exit code of its kind."""

    modules = MappingProxyType({noun: f"service.cli.{noun}" for noun in _NOUNS})

    def invoke(self, ctx: click.Context) -> object:
        with console.telling(ctx, debug=bool(ctx.params["debug"])):
            return super().invoke(ctx)


@click.group("sluice", cls=_Sluice, help="help.sluice")
@click.option("--debug", is_flag=True, cls=console.Option, help="option.debug")
def main(*, debug: bool) -> None:
    """Run the command."""
    del debug
    console.forgive_terminals()
