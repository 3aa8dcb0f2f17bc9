"""The queue in files: a worker never meets a message that is not whole."""

from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.transport import filesystem

import portal.celery

MESSAGE = {"body": "é" * 5000}


@pytest.fixture
def channel(tmp_path):
    for name in ("queue", "control"):
        (tmp_path / name).mkdir()
    folders = {f"data_folder_{way}": str(tmp_path / "queue") for way in ("in", "out")}
    options = {**folders, "control_folder": str(tmp_path / "control")}
    with Connection("filesystem://localhost", transport_options=options) as connection:
        yield connection.channel()


@pytest.mark.parametrize("moment", ["before it is written", "before it has its name"])
def test_a_message_being_written_is_not_there_yet(channel, monkeypatch, moment):
    looked = []

    def look(really):
        def instead(*args, **kwargs):
            if not looked:
                looked.append(moment)
                with pytest.raises(Empty):
                    channel._get("celery")
            return really(*args, **kwargs)

        return instead

    if moment == "before it is written":
        # Where kombu's own transport makes the text of a message: its file is open already.
        for module in (filesystem, portal.broker):
            monkeypatch.setattr(module, "dumps", look(module.dumps))
    else:
        monkeypatch.setattr(Path, "replace", look(Path.replace))
    channel._put("celery", MESSAGE)
    assert looked
    assert channel._get("celery") == MESSAGE
    with pytest.raises(Empty):
        channel._get("celery")


def test_each_message_comes_once_and_other_queues_are_left_alone(channel):
    for number in range(3):
        channel._put("celery", {"body": number})
    channel._put("other", {"body": "x"})
    assert channel._size("celery") == 3
    assert {channel._get("celery")["body"] for _ in range(3)} == {0, 1, 2}
    assert channel._get("other") == {"body": "x"}


def test_the_table_of_an_exchange_is_never_empty_text(channel, monkeypatch):
    seen = []
    really = filesystem.lock

    def look(file, flags):
        if flags == filesystem.LOCK_EX:
            seen.append(Path(file.name).read_text())
        return really(file, flags)

    monkeypatch.setattr(filesystem, "lock", look)
    channel._queue_bind("events", "", "", "one")
    channel._queue_bind("events", "", "", "two")
    assert seen and all(seen)
    assert {row.queue for row in channel.get_table("events")} == {"one", "two"}
