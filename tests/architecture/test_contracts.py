"""The rooms stay apart: by contract, and by looking at what a running command has loaded."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "border_kit"
LINTER = Path(sys.executable).with_name("lint-imports")


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINTER, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )


@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("screening/planted.py", "import border_kit.classification"),
        ("classification/planted.py", "from border_kit.desk import desk"),
        ("policy/planted.py", "from border_kit.casework import case"),
        ("shipment/planted.py", "from border_kit.catalog import schema"),
        ("cli/planted.py", "from border_kit.tui import app"),
    ],
)
def test_a_planted_wrong_import_breaks_the_contract(tmp_path: Path, module: str, statement: str) -> None:
    shutil.copytree(PACKAGE, tmp_path / "border_kit", ignore=shutil.ignore_patterns("_data", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "border_kit" / module).write_text(f"{statement}\n", encoding="utf-8")
    answer = _lint(tmp_path)
    assert answer.returncode != 0
    assert "planted" in answer.stdout


def _loaded(*arguments: str) -> set[str]:
    """The top-level modules that a command has loaded when it ends."""
    program = (
        "import sys, json, io\n"
        "from border_kit.__main__ import main\n"
        f"sys.argv = ['border-kit', *{list(arguments)!r}]\n"
        "real, sys.stdout = sys.stdout, io.TextIOWrapper(io.BytesIO())\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "real.write(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(json.loads(answer.stdout))


HEAVY = {
    "textual", "sqlite_utils", "PIL", "qrcode", "yaml", "jsonschema_rs", "python_calamine", "rich",
    "cryptography", "zxingcpp", "pypdfium2", "fpdf", "fontTools", "tuf", "urllib3", "zstandard", "ssl",
}  # fmt: skip


def test_the_version_loads_nothing_heavy() -> None:
    assert not _loaded("--version") & (HEAVY | {"click", "sqlite3", "rapidfuzz", "anyascii"})


@pytest.mark.parametrize(
    "arguments",
    [
        ("classify", "cotton t-shirts"),
        ("screen", "Acme Trading"),
        ("compare", "Acme", "Acme Ltd"),
        ("catalog", "info"),
        ("check", "examples/green-release-shirts.json"),
        ("--help",),
    ],
)
def test_the_command_line_loads_no_terminal_application_and_no_builder(arguments: tuple[str, ...]) -> None:
    assert not _loaded(*arguments) & HEAVY


def _calls(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            target = node.func
            found.add(target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", ""))
    return found


def test_only_plain_makes_widgets_from_data() -> None:
    makers = {"Input", "Static", "Label", "Option", "notify", "Markdown", "DataTable", "from_markup", "Rule"}
    for path in (PACKAGE / "tui").rglob("*.py"):
        if path.name != "plain.py":
            assert not _calls(path) & makers, path


def test_only_the_store_opens_databases() -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.name != "store.py":
            assert "sqlite3.connect" not in path.read_text(encoding="utf-8"), path


def test_only_the_fetchers_open_sockets_and_nothing_evaluates_code_or_unpickles() -> None:
    network = {"socket", "ssl", "urllib.request", "urllib3", "http.client", "ftplib", "asyncio.streams"}
    for path in PACKAGE.rglob("*.py"):
        banned = {"pickle", "marshal", "shelve", "requests", "httpx"}
        if path != PACKAGE / "sync" / "fetchers.py":
            banned |= network
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not {name for name in names if name.split(".")[0] in banned}, path
        assert not names & banned, path
        assert not {"eval", "exec"} & {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }, path


def test_only_the_terminal_application_imports_textual() -> None:
    for path in PACKAGE.rglob("*.py"):
        if (PACKAGE / "tui") not in path.parents:
            assert "import textual" not in path.read_text(encoding="utf-8"), path
            assert "from textual" not in path.read_text(encoding="utf-8"), path
