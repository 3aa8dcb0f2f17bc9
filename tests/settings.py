"""Settings of the test run: the portal's own, with a folder of their own for each process (never `var/`)."""

import os
import tempfile

os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="resonance-tests-")
# Playwright's synchronous API runs an event loop in the thread of the tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# In this process nothing is queued for real: the queue in files can be read by the tests. Servers started by
# tests/server.py do use Redis when REDIS_URL is given.
_redis_url = os.environ.pop("REDIS_URL", "")

from portal.settings import *  # noqa: E402, F403
from portal.settings import DATABASES, VAR  # noqa: E402

if _redis_url:
    os.environ["REDIS_URL"] = _redis_url

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file with the production options: a database in memory would hide locks.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}

# Messages leave as they are written; the tests of hours and grouping say otherwise for themselves.
MAIL_AT_ONCE = True

# WhiteNoise warns about a folder that is not there, and warnings fail.
(VAR / "static").mkdir()
