"""A row of the « reprise de l’existant » is undone while nothing began from it; a paper letter keeps its scan."""

import datetime as dt
import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pairing.models import Pair
from pairing.services import meetings, takeover, takeover_undo
from pairing.services.takeover import Past
from pairing.services.takeover_file import PastPair
from portal import clock
from portal.errors import DomainError
from portal.models import OutgoingMail, Person, StoredDocument
from portal.services import documents
from portal.services.uploads import MAX_BYTES
from programmes.enums import Side
from programmes.models import Letter, Participation, TrainingSession
from programmes.services import letter_documents
from tests.builders import accept_charter, client_of, make_pair, make_person, make_programme, referent_of

pytestmark = pytest.mark.django_db
START = dt.date(2024, 3, 1)


@pytest.fixture
def programme():
    return make_programme()


def enter(programme, *others, one=("Alix", "Exemple"), **more):
    """A pair of Alix with each of `others`, with a paper letter and a training."""
    today = clock.today(programme.time_zone)
    paper = {"letter_starts": START, "letter_ends": today + dt.timedelta(days=30), "letter_minutes": 240}
    rows = [
        PastPair(
            line=line,
            starts=START,
            one_given=one[0],
            one_family=one[1],
            other_given=other,
            other_family="Modèle",
            training_on=START,
            training_minutes=420,
            **paper,
            **more,
        )
        for line, other in enumerate(others, 1)
    ]
    return takeover.enter(programme=programme, past=Past(rows), by=referent_of(programme))


def scan(author="Anaïs Auteur"):
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Author"] = author
        pdf.save(out)
    return out.getvalue()


# --- Undoing --------------------------------------------------------------------------------------------------------
def test_a_mistake_goes_as_if_never_entered(programme):
    people, mails = Person.objects.count(), OutgoingMail.objects.count()
    (pair,) = enter(programme, "Jo")
    letter_documents.keep_paper(letter=Letter.objects.get(), data=scan(), by=referent_of(programme))
    client = client_of(referent_of(programme))
    url = reverse("pairing:undo_takeover", args=[programme.slug, pair.ref])
    assert "Qui le saura" in client.get(url).content.decode() and Pair.objects.exists()
    assert "défait" in client.post(url, follow=True).content.decode()
    for model in (Pair, Participation, Letter, TrainingSession):
        assert not model.objects.exists(), model
    assert not StoredDocument.objects.filter(kind="programmes.scan").exists()
    assert (Person.objects.count(), OutgoingMail.objects.count()) == (people, mails)


def test_the_other_pair_of_the_same_helper_keeps_its_letter_and_its_place(programme):
    first, second = enter(programme, "Jo", "Sacha")
    takeover_undo.undo(pair=first, by=referent_of(programme))
    helper = Participation.objects.get(side=Side.HELPER)
    assert (helper.places, helper.letters.count(), helper.memberships.get().pair) == (1, 1, second)
    assert set(Person.objects.filter(user=None).values_list("given", flat=True)) == {"Alix", "Sacha"}


def test_somebody_who_has_an_account_stays_and_so_does_what_they_added(programme):
    known = make_person(programme.lead_employer, "Alix")
    (pair,) = enter(programme, "Jo", one=(known.given, known.family), one_email=known.user.email)
    accept_charter(Participation.objects.get(person=known))
    takeover_undo.undo(pair=pair, by=referent_of(programme))
    assert Person.objects.filter(pk=known.pk).exists()
    assert Participation.objects.get().person == known and Letter.objects.count() == 1


def test_a_pair_that_began_to_live_here_stays(programme):
    known = make_person(programme.lead_employer, "Alix")
    (pair,) = enter(programme, "Jo", one=(known.given, known.family), one_email=known.user.email)
    meetings.log(pair=pair, by=known, key=pair.ref)
    pair.refresh_from_db()
    with pytest.raises(DomainError, match="déjà vécu"):
        takeover_undo.undo(pair=pair, by=referent_of(programme))
    page = client_of(referent_of(programme)).get(reverse("pairing:undo_takeover", args=[programme.slug, pair.ref]))
    assert "déjà vécu" in page.content.decode() and "btn-danger" not in page.content.decode()
    assert Pair.objects.exists()


def test_a_pair_of_the_portal_is_never_undone(programme):
    pair = make_pair(programme)
    with pytest.raises(DomainError, match="n’a pas été repris"):
        takeover_undo.undo(pair=pair, by=referent_of(programme))


# --- The scan of the letter ---------------------------------------------------------------------------------------------
def test_the_scan_is_kept_without_its_author_and_read_by_its_readers(programme):
    enter(programme, "Jo")
    letter = Letter.objects.get()
    client = client_of(referent_of(programme))
    url = reverse("programmes:letter_paper", args=[programme.slug, letter.ref])
    there = client.post(url, {"file": SimpleUploadedFile("../../x.pdf", scan())})
    assert there.status_code == 302
    letter.refresh_from_db()
    data = documents.read(document=letter.document)
    assert data.startswith(b"%PDF") and "Anaïs".encode() not in data and b"An\\" not in data
    assert ".." not in letter.document.filename
    file = reverse("programmes:letter_file", args=[letter.ref, "papier"])
    assert client.get(file).content == data
    hr = make_person(programme.lead_employer, roles=("hr_signatory",))
    assert client_of(hr).get(file).status_code == 200
    assert client_of(make_person(programme.lead_employer)).get(file).status_code == 404


def test_another_scan_takes_its_place(programme):
    enter(programme, "Jo")
    letter = Letter.objects.get()
    first = letter_documents.keep_paper(letter=letter, data=scan(), by=referent_of(programme))
    letter.refresh_from_db()
    with pikepdf.open(io.BytesIO(scan())) as pdf:
        pdf.add_blank_page()
        out = io.BytesIO()
        pdf.save(out)
    second = letter_documents.keep_paper(letter=letter, data=out.getvalue(), by=referent_of(programme))
    letter.refresh_from_db()
    assert letter.document == second != first
    assert StoredDocument.objects.filter(object_ref=letter.ref).count() == 1


@pytest.mark.parametrize("data", [b"MZ not a paper", b"%PDF-" + b"0" * MAX_BYTES, b"%PDF-1.4 broken"])
def test_a_wrong_file_is_refused_and_leaves_nothing(programme, data):
    enter(programme, "Jo")
    letter = Letter.objects.get()
    url = reverse("programmes:letter_paper", args=[programme.slug, letter.ref])
    page = client_of(referent_of(programme)).post(url, {"file": SimpleUploadedFile("lettre.pdf", data)})
    assert page.status_code == 200
    assert not StoredDocument.objects.filter(object_ref=letter.ref).exists()
