"""What a web server's log tells of an answer: that somebody came at some moment, nothing of what they said.

Production keeps no access log; a reverse proxy may (docs/operations.md). Its lines give an address, a time, a page and the
length of what was sent back; some give the length of what was asked.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.test import Client
from django.urls import reverse

from evaluation.enums import Moment
from evaluation.models import Wave
from evaluation.services import parts, questionnaires, waves
from portal.middleware import SAME_LENGTH
from tests.builders import make_person
from tests.evaluation.surveys import bare_cycles, day, on, sides, tokens

HOST = "questionnaires.invalid"


def opened() -> tuple[Wave, list[str]]:
    """A wave with free answers, and the addresses of its eight pages."""
    cycles, people = bare_cycles(1)
    asked = {"people": sides(people), "pairs": 4, "texts": True}
    with on(0):
        wave = waves.start(cycle=cycles[0], moment=Moment.END, closes_on=day(21), **asked)
        parts.name_readers(wave=wave, people=[make_person(), make_person()])
    return wave, [reverse("evaluation:survey", args=[token]) for token in tokens(wave).values()]


def everything(wave: Wave) -> dict[str, object]:
    """As much as can be answered."""
    longest = {}
    for item in questionnaires.items_in(wave):
        if item.kind == questionnaires.TEXT:
            longest[item.code] = "&é’" * 166
        elif item.kind == questionnaires.SEVERAL:
            ticked = [code for code, _ in item.choices if code not in (*item.alone, *questionnaires.NO_VALUE)]
            longest[item.code] = ticked[: item.most or None]
        else:
            longest[item.code] = item.choices[0][0]
    return longest


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["", "gzip, deflate, br"])
def test_whatever_was_said_what_comes_back_has_the_same_length(encoding):
    wave, pages = opened()
    said = [{"TC1": "4"}, {"TC1": "2", "TC2": "5", "LIB1": "Des mots"}, everything(wave), {"TC1": "99"}, {}]
    with on(1):
        replies = [
            Client().post(page, given, headers={"Accept-Encoding": encoding} if encoding else None)
            for page, given in zip(pages[::2] + pages[1:2], said, strict=True)
        ]
    assert [reply.status_code for reply in replies] == [200] * 5
    lengths = {len(reply.content) for reply in replies}
    assert len(lengths) == 1 and {int(reply.headers["Content-Length"]) for reply in replies} == lengths
    assert all("Accept-Encoding" in reply.headers["Vary"] for reply in replies)
    html = [gzip.decompress(reply.content) if encoding else reply.content for reply in replies]
    assert {len(one) for one in html} == {SAME_LENGTH}
    assert [b"Merci" in one for one in html] == [True, True, True, False, False]
    assert len(html[2].rstrip()) - len(html[0].rstrip()) > 2000, "they are not"


def test_whatever_was_said_what_is_sent_has_the_same_length():
    """The script itself, run apart from any page; a line that begins counts as a browser sends it."""
    script = (settings.BASE_DIR / "static/js/same-length.js").read_text(encoding="utf-8")
    page = """
    const given = JSON.parse(process.argv[2])
    const lengths = given.map(function (pairs) {
      let send
      const form = { addEventListener: (name, act) => { send = act } }
      const pad = { form, value: '', dataset: { sameLength: '16384' } }
      globalThis.document = { querySelector: () => pad }
      globalThis.FormData = function () { return [...pairs, ['pad', pad.value]] }
      ;(0, eval)(process.argv[1])
      send()
      return pad.value.length
    })
    console.log(JSON.stringify(lengths))
    """
    said = [[["TC1", "4"]], [["TC1", "nsp"], ["LIB1", "Une ligne,\npuis l’autre & encore"]], [["LIB1", "é" * 500]]]
    node = shutil.which("node", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    command = [node, "-e", page, script, json.dumps(said)]
    made = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    sent = [
        urlencode([*((name, value.replace("\n", "\r\n")) for name, value in pairs), ("pad", "0" * length)])
        for pairs, length in zip(said, json.loads(made.stdout), strict=True)
    ]
    assert {len(one) for one in sent} == {16384}


def test_in_production_nothing_is_written_of_who_answers(new_server):
    keys = {"SECRET_KEY": "k" * 50, "FIELD_KEYS": Fernet.generate_key().decode()}
    hosts = {"SURVEY_URL": f"http://{HOST}", "ALLOWED_HOSTS": "127.0.0.1", "TLS": "0", "LOG_LEVEL": "WARNING"}
    server = new_server(env={"DEMO": "0", "EMAIL_URL": "dummymail://", **keys, **hosts})
    try:
        script = "from tests.evaluation.test_access_log import tell; tell()"
        page = server.manage("shell", "-c", script).splitlines()[-1]
        started = server.log("web")
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for method, body, status in (("GET", None, 200), ("POST", "TC1=4", 200)):
            connection = HTTPConnection("127.0.0.1", urlsplit(server.url).port, timeout=30)
            connection.request(method, page, body, {"Host": HOST, **(form if body else {})})
            assert connection.getresponse().status == status
            connection.close()
        assert server.log("web") == started
    finally:
        server.stop()


def tell() -> None:
    """In the server's own database: prints a page that may be answered today."""
    cycles, people = bare_cycles(1)
    closes = waves.clock.today("Europe/Paris") + waves.dt.timedelta(days=21)
    wave = waves.start(cycle=cycles[0], moment=Moment.T0, closes_on=closes, people=sides(people), pairs=4)
    print(reverse("evaluation:survey", args=[next(iter(tokens(wave).values()))]))
