"""Mails as rows: sent once, wiped, refused when forged, honest when nobody can be reached."""

import smtplib

import pytest
from django.core.mail.backends.locmem import EmailBackend

from portal.enums import JobState, MailState
from portal.models import Job, OutgoingMail, Person, User
from portal.services import jobs, mail

SECRET = {"subject": "Résonance : un message", "body": "Votre code est CANARY-77.\n"}


@pytest.fixture
def person(db) -> Person:
    return Person.objects.create(given="Alix", family="M", user=User.objects.create_user("alix@ville.fr"))


def post(key="k", **more) -> OutgoingMail:
    return mail.post(kind="portal/test", key=key, secret=SECRET, **more)


def state(message: OutgoingMail) -> tuple[str, str, str]:
    message.refresh_from_db()
    job = Job.objects.get(object_ref=message.ref)
    return message.state, job.state, job.error


def test_a_mail_leaves_after_the_commit_and_its_secret_is_wiped(person, mailoutbox, committed):
    with committed():
        message = post(person=person)
        assert mailoutbox == []
        row = OutgoingMail.objects.filter(pk=message.pk).values_list("payload", flat=True).get()
        assert "CANARY" not in row.token
    (sent,) = mailoutbox
    assert (sent.to, sent.subject, sent.body) == (["alix@ville.fr"], SECRET["subject"], SECRET["body"])
    assert state(message) == (MailState.SENT, JobState.DONE, "")
    assert not message.payload and message.sent_at


def test_the_same_key_is_one_mail_however_often_it_is_asked_for(person, mailoutbox, committed):
    with committed():
        first = post(person=person)
    with committed():
        assert post(person=person) == first
    assert len(mailoutbox) == 1
    deliver = Job.objects.get()
    mail.deliver(deliver, None)
    assert len(mailoutbox) == 1, "a job done twice sends nothing more"


def test_the_address_chosen_by_the_agent_comes_before_the_account(person, mailoutbox, committed):
    person.notify_email = "alix@chez-soi.fr"
    person.save()
    with committed():
        post(person=person)
        post("k2", person=person, address="ailleurs@ville.fr")
    assert [sent.to for sent in mailoutbox] == [["alix@chez-soi.fr"], ["ailleurs@ville.fr"]]


def test_a_person_without_address_gives_a_failure_with_a_reason_and_a_retry(db, mailoutbox, committed):
    person = Person.objects.create(given="Paul", family="P")
    with committed():
        message = post(person=person)
    mail_state, job_state, reason = state(message)
    assert (mail_state, job_state) == (MailState.FAILED, JobState.FAILED)
    assert "par téléphone ou par courrier" in reason
    person.notify_email = "paul@chez-soi.fr"
    person.save()
    with committed():
        jobs.retry(job=Job.objects.get())
    assert state(message)[:2] == (MailState.SENT, JobState.DONE)
    assert mailoutbox[0].to == ["paul@chez-soi.fr"]


@pytest.mark.parametrize("address", ["a@ville.fr\nBcc: b@ailleurs.fr", "a@ville.fr\r\nSubject: x", "a@ville.fr\r"])
def test_a_line_break_in_the_address_sends_nothing_at_all(db, mailoutbox, committed, address):
    with committed():
        message = post(address=address)
    assert mailoutbox == []
    assert state(message)[1] == JobState.FAILED


@pytest.mark.parametrize("subject", ["Bonjour\nBcc: b@ailleurs.fr", "Bonjour\r\n\r\nCorps"])
def test_a_line_break_in_the_subject_sends_nothing_or_one_line(person, mailoutbox, committed, subject):
    with committed():
        mail.post(kind="x/y", key="k", person=person, secret={"subject": subject, "body": "x"})
    assert all("\n" not in sent.subject and "\r" not in sent.subject for sent in mailoutbox)
    assert all(sent.recipients() == ["alix@ville.fr"] for sent in mailoutbox)


def test_the_mail_server_away_means_later_not_lost(person, mailoutbox, committed, monkeypatch):
    def away(*args):
        raise smtplib.SMTPServerDisconnected("away")

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", away)
        with committed():
            message = post(person=person)
    assert state(message) == (MailState.QUEUED, JobState.QUEUED, "")
    assert message.payload, "the secret waits with it"
    mail.deliver(Job.objects.get(), None)
    assert state(message)[0] == MailState.SENT and len(mailoutbox) == 1


def test_plain_text_is_not_written_as_html(person):
    """An invitation names the employer: « Val d’Oise & Cie » stays as it is."""
    from portal.models import Employer
    from portal.services import invitations

    employer = Employer.objects.create(slug="e", name="E", neutral_name="L'Essai & <Cie>", branch="fpt")
    invitation = invitations.invite(employer=employer, email="a@b.fr", by=None)
    subject, body = mail.render(OutgoingMail.objects.get(object_ref=invitation.ref))
    assert "L'Essai & <Cie>" in body
    assert "Essai" not in subject, "a subject is read by passers-by"


def test_the_table_and_the_queue_hold_no_address_in_clear(person, committed):
    post(address="secret@ville.fr")
    rows = str(list(OutgoingMail.objects.values())) + str(list(Job.objects.values()))
    tokens = str([row.address.token for row in OutgoingMail.objects.all()])
    assert "secret@" not in rows + tokens
