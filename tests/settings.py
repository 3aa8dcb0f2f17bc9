"""Settings of the test run: the portal's own, with a folder of their own for each process (never `var/`)."""

import os
import tempfile

os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="resonance-tests-")
# Playwright's synchronous API runs an event loop in the thread of the tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from portal.settings import *  # noqa: F403
from portal.settings import DATABASES, VAR

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file with the production options: a database in memory would hide locks.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}

# WhiteNoise warns about a folder that is not there, and warnings fail.
(VAR / "static").mkdir()
