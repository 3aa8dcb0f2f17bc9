"""Impact assessments (AIPD): asked, then validated with file, date and validator; own or shared (field.md 3)."""

import datetime as dt
import hashlib

from django.db import transaction

from portal import clock
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.services import documents, journal, uploads
from portal.services.versions import save_if_unchanged
from programmes.enums import Form, Validator
from programmes.models import ImpactAssessment, Programme


@transaction.atomic
def ask(
    *,
    programme: Programme,
    forms: list[str],
    asked_on: dt.date,
    by: Person,
    due_on: dt.date | None = None,
    shared: bool = False,
) -> ImpactAssessment:
    """Note that an assessment was asked for, for some of the programme's forms of support."""
    if not forms or not set(forms) <= set(programme.forms):
        raise DomainError("Cochez au moins une forme de soutien de ce programme.", field="forms")
    if asked_on > clock.today(programme.time_zone):
        raise DomainError("La date de la demande est passée ou d’aujourd’hui.", field="asked_on")
    if due_on and due_on < asked_on:
        raise DomainError("La réponse est attendue après la demande.", field="due_on")
    assessment = ImpactAssessment.objects.create(
        programme=programme,
        forms=[form for form in Form.values if form in forms],
        shared=shared,
        asked_on=asked_on,
        due_on=due_on,
    )
    journal.log(actor=by, verb=Verb.CREATED, target=assessment, employer=programme.lead_employer)
    return assessment


@transaction.atomic
def validate(
    *,
    assessment: ImpactAssessment,
    seen: int,
    validated_on: dt.date,
    validator: Validator,
    data: bytes,
    by: Person,
    review_on: dt.date | None = None,
) -> None:
    """Keep the signed file and the date. Raises DomainError, or Conflict when somebody else changed it meanwhile."""
    programme = assessment.programme
    if assessment.validated_on:
        raise DomainError("Cette analyse d’impact est déjà validée.")
    if not assessment.asked_on <= validated_on <= clock.today(programme.time_zone):
        raise DomainError(
            "La validation vient après la demande, et elle n’est pas dans le futur.", field="validated_on"
        )
    if review_on and review_on <= validated_on:
        raise DomainError("La relecture vient après la validation.", field="review_on")
    upload = uploads.checked(data)
    assessment.document = documents.store(
        key=f"assessment:{assessment.ref}:{hashlib.sha256(data).hexdigest()[:16]}",
        kind="programmes.assessment",
        label="Analyse d’impact",
        filename=f"aipd-{programme.slug}.{upload.ending}",
        employer=programme.lead_employer,
        data=upload.data,
        media_type=upload.media_type,
        object_ref=assessment.ref,
    )
    assessment.validated_on, assessment.validator, assessment.review_on = validated_on, validator, review_on
    save_if_unchanged(assessment, seen=seen, fields=["document", "validated_on", "validator", "review_on"])
    journal.log(actor=by, verb=Verb.DECIDED, target=assessment, employer=programme.lead_employer)


def standing(assessment: ImpactAssessment) -> tuple[str, str]:
    """Where it stands: a word and the tone of its state."""
    today = clock.today(assessment.programme.time_zone)
    if assessment.validated_on is None:
        late = assessment.due_on is not None and assessment.due_on < today
        return ("en retard", "stop") if late else ("demandée", "wait")
    if assessment.review_on and assessment.review_on <= today:
        return "à relire", "wait"
    return "validée", "done"
