"""What comes in about imports and exports."""

from dataclasses import dataclass
from typing import ClassVar

from marshmallow import fields

from service.web.api.applications.forms import QueryForm
from service.web.forms import Form, Switch


@dataclass(frozen=True, slots=True)
class Manner:
    """Whether what is imported is only stored, not submitted."""

    draft: bool = False


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Whether nothing is kept."""

    dry_run: bool = False


class ImportFileForm(Form):
    """A file with applications: a workbook, csv, or lines of JSON. What it is, is seen by its content."""

    makes = Manner

    file = fields.Raw(
        load_only=True,
        metadata={
            "type": "string",
            "format": "binary",
            "description": "文件 · a workbook (.xlsx), csv (UTF-8 or GBK) or NDJSON",
        },
    )
    draft = Switch(
        metadata={"type": "boolean", "description": "true：只保存不提交 · only store, do not submit what is in it"}
    )


class RehearsalForm(Form):
    """A dry run, or the real one."""

    makes = Rehearsal

    dry_run = Switch(
        metadata={"type": "boolean", "description": "true：试运行，不登记任何申报 · try it all, and keep nothing"}
    )


class ExportForm(QueryForm):
    """What to export, and in which order; all of it at once."""

    class Meta:
        """Options of the library."""

        exclude: ClassVar[tuple[str, ...]] = ("cursor", "limit")
