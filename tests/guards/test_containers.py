"""The containers run the processes of the demonstration, and hold no secret."""

import re
from pathlib import Path

import yaml

from portal import supervisor

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def test_web_worker_and_scheduler_are_those_of_the_demonstration(monkeypatch):
    started = []
    monkeypatch.setattr(supervisor.os, "execv", lambda path, command: started.append(command))
    for name in ("web", "worker", "scheduler"):
        command = SERVICES[name]["command"]
        assert command[:3] == ["python", "-m", "portal.supervisor"]
        supervisor.main(command[3:])
    assert started == [supervisor.web("0.0.0.0:8000"), supervisor.WORKER, supervisor.SCHEDULER]


def test_everything_waits_for_the_tables():
    for name in ("web", "worker", "scheduler"):
        assert SERVICES[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    assert SERVICES["prepare"]["command"] == ["python", "manage.py", "prepare"]


def test_nothing_but_the_web_server_is_reachable_and_only_from_the_machine_itself():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["web"]["ports"])


def test_secrets_come_from_the_environment():
    text = (ROOT / "docker-compose.yml").read_text()
    assert re.findall(r"POSTGRES_PASSWORD: (.+)", text) == ["${POSTGRES_PASSWORD:?fill in .env}"]
    example = dict(re.findall(r"(?m)^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text()))
    assert example["SECRET_KEY"] == example["FIELD_KEYS"] == example["POSTGRES_PASSWORD"] == ""


def test_the_image_does_not_run_as_root():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")][-1] == "USER resonance"
    assert "--require-hashes -r requirements.txt" in "\n".join(lines)
