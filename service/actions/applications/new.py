"""What a new application brings, before anything of it is checked."""

from dataclasses import dataclass

from service.core.values import Json


@dataclass(frozen=True, slots=True)
class NewHeader:
    """Who applies for what, as given."""

    applicant_name: str
    credit_code: str
    project_name: str
    project_code: str | None


@dataclass(frozen=True, slots=True)
class NewApplication:
    """An application as handed in. ``facts`` is raw JSON with exact numbers; a ``draft`` is stored, not submitted."""

    applicant_name: str
    credit_code: str
    project_name: str
    project_code: str | None
    facts: dict[str, Json]
    draft: bool
