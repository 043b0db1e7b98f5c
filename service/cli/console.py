"""What every command shares: its language, its help, how it speaks, how it fails."""

import importlib
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import TextIOWrapper
from types import MappingProxyType
from typing import Final, NoReturn, TypeVar

import click

from service.config import Settings, SettingsError, read_settings
from service.core.errors import (
    ConflictError,
    Flaw,
    ForbiddenError,
    InvalidError,
    MalformedError,
    NotFoundError,
    SluiceError,
    StaleError,
    UnauthenticatedError,
)
from service.words import LANGUAGES, problems, sentence

FAULTY: Final = 2
IMPOSSIBLE: Final = 5
UNEXPECTED: Final = 70

_LANGUAGE = "service.cli.language"
_EXITS: tuple[tuple[type[SluiceError], int], ...] = (
    (InvalidError, FAULTY),
    (MalformedError, FAULTY),
    (UnauthenticatedError, 3),
    (ForbiddenError, 3),
    (NotFoundError, 4),
    (ConflictError, IMPOSSIBLE),
    (StaleError, IMPOSSIBLE),
)

Function = TypeVar("Function", bound=Callable[..., object])


def language() -> str:
    """Give the language this command speaks: the one asked for, or that of the settings."""
    context = click.get_current_context(silent=True)
    if context is None:
        return _settled_language()
    if not context.meta.get(_LANGUAGE):
        context.meta[_LANGUAGE] = _settled_language()
    return str(context.meta[_LANGUAGE])


def words(code: str, **figures: object) -> str:
    """Say something of the section ``cli``."""
    return sentence(language(), "cli", code, figures)


def say(code: str, **figures: object) -> None:
    """Print something of the section ``cli``."""
    click.echo(words(code, **figures))


def note(code: str, **figures: object) -> None:
    """Print something beside the output proper, where it disturbs no pipe."""
    click.echo(words(code, **figures), err=True)


def fail(code: str, exit_code: int, **figures: object) -> NoReturn:
    """Say why it cannot be done, and leave."""
    note(code, **figures)
    raise click.exceptions.Exit(exit_code)


class Option(click.Option):
    """An option whose ``help`` is a code of the section ``cli``."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Give its name and its sentence."""
        record = super().get_help_record(ctx)
        return None if record is None or self.help is None else (record[0], words(self.help))


class Command(click.Command):
    """A command whose ``help`` is a code of the section ``cli``."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say what it does."""
        del ctx
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(words(f"{self.help}"))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Say what ``--help`` does."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = words("help.help")
        return option


class Group(Command, click.Group):
    """A noun: its commands speak like this one.

    ``modules`` are commands of their own modules, by name: each is loaded when it is asked for, so that none waits for
    what another one needs.
    """

    command_class = Command
    group_class = type
    modules: Mapping[str, str] = MappingProxyType({})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands, those of their own modules too."""
        return sorted({*super().list_commands(ctx), *self.modules})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give a command, or None."""
        module = self.modules.get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command = importlib.import_module(module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands and load none of them: what each is for is said by words of its name."""
        place = "help" if ctx.parent is None else self.help
        with formatter.section("Commands"):
            formatter.write_dl([(name, words(f"{place}.{name}")) for name in self.list_commands(ctx)])


def language_option(function: Function) -> Function:
    """Let a command be asked for a language."""
    option = click.option(
        "--language",
        type=click.Choice(LANGUAGES),
        cls=Option,
        help="option.language",
        expose_value=False,
        is_eager=True,
        callback=_choose,
    )
    return option(function)


@contextmanager
def telling(context: click.Context, *, debug: bool) -> Iterator[None]:
    """Turn an error into words and an exit code; what nobody foresaw is told without its traceback unless ``debug``."""
    try:
        yield
    except (click.exceptions.Exit, click.ClickException, click.Abort, BrokenPipeError):
        raise
    except SluiceError as error:
        _tell(error)
        context.exit(next((code for kind, code in _EXITS if isinstance(error, kind)), UNEXPECTED))
    except Exception as error:  # noqa: BLE001 - the last wall: whatever it is becomes a line and an exit code
        if debug:
            click.echo(traceback.format_exc(), err=True)
        note("unexpected", kind=type(error).__name__, text=str(error).partition("\n")[0])
        context.exit(UNEXPECTED)


def flaw_line(flaw: Flaw) -> str:
    """Say a flaw on one line, after its place."""
    because, place = problems.because(language(), flaw), flaw.cell or flaw.pointer
    return f"{place} {because}" if place else because


def forgive_terminals() -> None:
    """Print what a terminal's encoding lacks as a question mark, rather than stop."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _tell(error: SluiceError) -> None:
    spoken = language()
    click.echo(f"{problems.title(spoken, error.code)}: {problems.detail(spoken, error)}", err=True)
    for flaw in error.flaws if isinstance(error, InvalidError) else ():
        click.echo(f"  {flaw_line(flaw)}", err=True)
    click.echo(problems.advice(spoken, error.code), err=True)


def _choose(context: click.Context, _option: click.Parameter, chosen: str | None) -> None:
    if chosen is not None:
        context.meta[_LANGUAGE] = chosen


def _settled_language() -> str:
    try:
        return read_settings().language
    except SettingsError:
        return Settings().language
