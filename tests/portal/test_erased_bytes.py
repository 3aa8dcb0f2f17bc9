"""What was erased is in no file of the database, the write-ahead log of a server that never stops included."""

import json
from pathlib import Path

from django.db import connection

from portal.models import Person, User
from portal.services import erasure
from portal.tasks import forget
from tests.prepared import clean_environment, manage

FAMILY, EMAIL = "Zwqkfamille", "zwqk@exemple.invalid"


def leave_traces() -> None:
    """In a database of its own, its connection kept open. Prints how often its files held the name and the address."""
    user = User.objects.create_user(EMAIL, "x" * 20)
    person = Person.objects.create(given="Zoé", family=FAMILY, user=user)
    before = _in_files()
    erasure.erase(person=person)
    forget()
    print(json.dumps([before, _in_files()]))


def _in_files() -> int:
    name = str(connection.settings_dict["NAME"])
    data = b"".join(path.read_bytes() for end in ("", "-wal") if (path := Path(name + end)).exists())
    return sum(data.count(word.encode()) for word in (FAMILY, EMAIL))


def test_an_erased_name_is_in_no_file_of_the_database(tmp_path):
    env = clean_environment(tmp_path)
    env.pop("DATABASE_URL", None)
    manage(env, "migrate", "--verbosity", "0")
    script = "from tests.portal.test_erased_bytes import leave_traces; leave_traces()"
    before, after = json.loads(manage(env, "shell", "-c", script).splitlines()[-1])
    assert before >= 2 and after == 0
