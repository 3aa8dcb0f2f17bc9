"""A worker killed in the middle, a broker that is away: each ends with exactly one report."""

import time

import pytest

from tests.prepared import manage
from tests.server import PATIENCE

SERVER = {"prepare": "build_demo"}
LEASE = {"killed worker": "3", "broker away": "60"}
ASK = """
from evaluation.models import Report
from evaluation.services import reports
report = Report.objects.get(release__programme__slug='brumeval', audience='referent')
print(reports.request(report=report).ref)
"""
STATE = """
SELECT job.state, job.attempts, (SELECT COUNT(*) FROM portal_storeddocument WHERE object_ref = report.ref AND state = 'ready')
FROM evaluation_report report JOIN evaluation_release release ON release.id = report.release_id
JOIN programmes_programme programme ON programme.id = release.programme_id
JOIN portal_job job ON job.id = report.job_id
WHERE programme.slug = 'brumeval' AND report.audience = 'referent'
"""


def wait_for(server, wanted: str, seconds: float = PATIENCE) -> tuple[str, int, int]:
    """State, attempts and number of documents, once the job is in the state wanted."""
    deadline = time.monotonic() + seconds
    while not (rows := server.rows(STATE)) or rows[0][0] != wanted:
        assert time.monotonic() < deadline, f"still {rows}\n{server.log('worker')}"
        time.sleep(0.02)
    return rows[0]


@pytest.mark.parametrize("how", ["killed worker", "broker away"])
def test_exactly_one_report(new_server, how):
    server = new_server(**SERVER, env={"JOB_LEASE_SECONDS": LEASE[how], "SWEEP_SECONDS": "1"})
    try:
        if how == "broker away":
            # Nobody listens on this port: the request succeeds all the same.
            manage({**server.env, "REDIS_URL": "redis://127.0.0.1:9/0"}, "shell", "-c", ASK)
            wait_for(server, "queued", 0)
        else:
            # Asked first: the worker is watched from before it begins.
            server.manage("shell", "-c", ASK)
            server.start_worker()
            wait_for(server, "running")
            server.kill_worker()
        server.start_worker()
        server.start_scheduler()
        _, attempts, documents = wait_for(server, "done")
        assert documents == 1
        assert attempts > 1 if how == "killed worker" else attempts == 1
    finally:
        server.stop()
