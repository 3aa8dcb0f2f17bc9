"""Making the PDF of a release for one audience: once, by a job, stored for good."""

import json
from zoneinfo import ZoneInfo

from django.db import transaction

from evaluation import documents
from evaluation.enums import Audience
from evaluation.models import Release, Report
from portal.enums import DocumentState, JobState
from portal.errors import DomainError
from portal.jobs import Progress, handler
from portal.models import Job
from portal.services import documents as store
from portal.services import jobs

KIND = "evaluation.report"
PDF = "application/pdf"


@transaction.atomic
def request(*, report: Report) -> Job:
    """Have the PDF made; a report under way or ready keeps its job, a failed one starts again."""
    if not may_leave(report):
        raise DomainError("Ce rapport est d’abord restitué aux participants. Notez la date de restitution.")
    job = jobs.enqueue(kind=KIND, key=f"report:{report.ref}", object_ref=report.ref)
    if report.job_id != job.pk:
        Report.objects.filter(pk=report.pk).update(job=job)
        report.job = job
    if job.state == JobState.FAILED:
        jobs.retry(job=job)
        job.refresh_from_db()
    return job


@handler(KIND)
def make_report(job: Job, progress: Progress) -> None:
    """Render and store; run twice, it leaves one document."""
    report = (
        Report.objects.select_related(
            "release__programme__lead_employer", "release__exercice", "release__established_by", "document"
        )
        .filter(ref=job.object_ref)
        .first()
    )
    if report is None or is_ready(report):
        return
    progress.step(1, 4)
    kind = documents.LEAFLET if report.audience == Audience.PARTICIPANTS else documents.ANNUAL
    rendered = documents.render_document(kind, content_of(report.release, report.audience))
    progress.step(2, 4)
    data = rendered.pdf
    progress.step(3, 4)
    document = store.store(
        key=f"report:{report.ref}",
        kind=KIND,
        label=f"{documents.TITLES[kind]}, {report.release.exercice.name}, édition {report.release.edition}",
        filename=filename(report),
        employer=report.release.programme.lead_employer,
        data=data,
        media_type=PDF,
        object_ref=report.ref,
    )
    Report.objects.filter(pk=report.pk).update(document=document)


def may_leave(report: Report) -> bool:
    """Whether a file may be made of it: the version of RH is first restituted, the leaflet first opened to them."""
    opened = {Audience.HR: report.release.restituted_on, Audience.PARTICIPANTS: report.release.shared_on}
    return bool(opened.get(report.audience, True))


def is_ready(report: Report) -> bool:
    return report.document is not None and report.document.state == DocumentState.READY


def filename(report: Report, ending: str = "pdf") -> str:
    """Neutral: nothing on health, no programme name."""
    exercice = report.release.exercice
    start = "resultats" if report.audience == Audience.PARTICIPANTS else "rapport-annuel"
    return f"{start}-{exercice.starts:%Y-%m}-{exercice.ends:%Y-%m}-edition-{report.release.edition}.{ending}"


def content_of(release: Release, audience: str) -> dict:
    """The frozen content of a document: the release's data and what its cover says about it."""
    restituted = release.restituted_on if audience == Audience.HR else None
    said = {"how": release.get_restituted_how_display(), "words": release.words, "wishes": release.wishes}
    zone = ZoneInfo(release.programme.time_zone)
    return {
        **json.loads(release.data),
        "audience": Audience(audience).value,
        "audience_label": Audience(audience).label,
        "sha256": release.sha256,
        "established_on": f"{release.established_at.astimezone(zone).date()}",
        "established_by": release.established_by.short_name if release.established_by else "",
        "restituted_on": f"{restituted}" if restituted else "",
        "restitution": said if restituted else {},
    }
