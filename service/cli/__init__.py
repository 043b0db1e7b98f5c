"""The command ``sluice``: what the house does at the console, one module a noun, loaded when it is asked for."""

import importlib

import click

from service.cli import console

_NOUNS = ("assess", "config", "db", "demo", "keys", "openapi", "people", "rules", "version")


class _Sluice(console.Group):
    """The whole command; says what went wrong once, and leaves with the exit code of its kind."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(_NOUNS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _NOUNS:
            return None
        command: click.Command = importlib.import_module(f"service.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> object:
        with console.telling(ctx, debug=bool(ctx.params["debug"])):
            return super().invoke(ctx)


@click.group("sluice", cls=_Sluice, help="help.sluice")
@click.option("--debug", is_flag=True, cls=console.Option, help="option.debug")
def main(*, debug: bool) -> None:
    """Run the command."""
    del debug
    console.forgive_terminals()
