"""No locked version is older than the oldest one without a known hole (docs/security-floors.toml)."""

import json
import re
import tomllib
from pathlib import Path

from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = tomllib.loads((ROOT / "docs/security-floors.toml").read_text())
# What a stranger's request goes through, from the socket to the database and the PDF.
EXPOSED = {"django", "django-allauth", "gunicorn", "whitenoise", "cryptography", "weasyprint", "pillow", "psycopg"}


def locked_python() -> dict[str, Version]:
    pins = re.findall(
        r"(?m)^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", (ROOT / "requirements.txt").read_text()
    )
    return {name: Version(version) for name, version in pins}


def test_no_locked_python_library_is_below_its_floor():
    locked = locked_python()
    below = {name: floor for name, floor in FLOORS["python"].items() if locked[name] < Version(floor)}
    assert not below


def test_every_library_that_meets_strangers_has_a_floor():
    assert FLOORS["python"].keys() >= EXPOSED


def test_no_locked_npm_package_is_below_its_floor():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    locked = {name.removeprefix("node_modules/"): package.get("version") for name, package in packages.items()}
    below = {name: floor for name, floor in FLOORS["npm"].items() if Version(locked[name]) < Version(floor)}
    assert not below
