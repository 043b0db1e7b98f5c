"""Others build clients of their own from ``openapi.yaml``: a generator reads every schema of it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.calling import DESCRIPTION, described

PAGE = DESCRIPTION.parent / "docs" / "client.md"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the generator makes, with the configuration that the page tells."""
    found = re.search(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    folder = tmp_path_factory.mktemp("generated")
    config = folder / "config.yaml"
    config.write_text(found[1] + "post_hooks: []\n", encoding="utf-8")
    generator = [str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--fail-on-warning"]
    given = ["--path", str(DESCRIPTION), "--config", str(config), "--meta", "none", "--output-path", "built"]
    done = subprocess.run([*generator, *given], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "WARNING" not in done.stdout
    return folder


def test_a_generator_builds_every_operation_and_every_schema_without_a_warning(built: Path) -> None:
    calls = {path.stem for path in (built / "built" / "api").glob("*/*.py")} - {"__init__"}
    assert calls == {
        operation["operationId"]
        for methods in described()["paths"].values()
        for method, operation in methods.items()
        if method != "parameters"
    }


def test_what_is_built_can_be_imported_as_a_whole(built: Path) -> None:
    modules = sorted((built / "built").rglob("*.py"))
    names = [".".join(path.relative_to(built).with_suffix("").parts) for path in modules]
    lines = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    done = subprocess.run([sys.executable, "-c", lines, *names], cwd=built, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(names) > 200
