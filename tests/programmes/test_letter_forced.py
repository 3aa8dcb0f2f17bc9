"""A letter whose state was forced by hand, with all its validations: every page that acts on it answers clearly."""

from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from programmes.enums import LetterState
from programmes.models import Letter
from programmes.services import letter_life, letters, visas
from tests.builders import client_of, referent_of
from tests.programmes.letter_world import make_letter, signatory, token_of
from tests.programmes.test_letter_moves import PAGES, a_link, hr_page, pilot_page

pytestmark = pytest.mark.django_db
S = LetterState
ANSWERED = (200, 302, 404, 410)


@pytest.fixture(scope="module")
def validated(module_rows) -> int:
    """Agreed to by the agent, given time by the manager, validated by RH."""
    letter = make_letter(S.TO_MANAGER)
    visas.give(link=a_link(letter)[0])
    letter.refresh_from_db()
    letters.validate(letter=letter, by=signatory(letter.programme))
    return letter.pk


def forced(key: int, state: str) -> Letter:
    Letter.objects.filter(pk=key).update(state=state)
    return Letter.objects.get(pk=key)


def scan() -> dict:
    return {"file": SimpleUploadedFile("scan.png", b"\x89PNG\r\n\x1a\n scanned", content_type="image/png")}


def terms(letter: Letter) -> dict:
    values = letter_life.terms_of(letter) | {"hours_month": "4", "seen": letter.version}
    return {name: value.isoformat() if name in ("starts", "ends") else value for name, value in values.items()}


def pilot(name: str, data: Callable[[Letter], dict]) -> Callable:
    def post(letter: Letter):
        url = reverse(f"programmes:{name}", args=[letter.programme.slug, letter.ref])
        return client_of(referent_of(letter.programme)).post(url, data(letter))

    return post


def deposit_by_hr(letter: Letter):
    url = reverse("programmes:hr_deposit", args=[letter.participation.employer.slug, letter.ref])
    return client_of(signatory(letter.programme)).post(url, scan())


MORE: dict[str, Callable] = {
    "send_again": pilot_page("letter_move", "relancer"),
    "renew": pilot_page("letter_move", "renouveler"),
    "change": pilot("letter_change", terms),
    "amend": pilot("letter_amend", terms),
    "deposit": pilot("letter_deposit", lambda letter: scan()),
    "deposit_outside": pilot("letter_outside", lambda letter: scan()),
    "deposit_paper": pilot("letter_paper", lambda letter: scan()),
    "deposit_by_hr": deposit_by_hr,
    "validate_one": lambda letter: hr_page(letter, "hr_validate", {"lettre": [str(letter.ref)]}),
}
ROUTES = PAGES | MORE


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("route", ROUTES)
def test_a_page_answers_clearly_whatever_the_state_became(validated, route, state):
    """Redirected with a word, shown with a refusal, gone, or not theirs to see: never a breakdown."""
    response = ROUTES[route](forced(validated, state))
    assert response.status_code in ANSWERED, response.status_code
    if response.status_code == 302:
        assert list(get_messages(response.wsgi_request)), "sent elsewhere without a word"


@pytest.mark.parametrize("state", S)
def test_the_pages_that_lead_there_are_read_whatever_the_state_became(validated, state):
    letter = forced(validated, state)
    slug, employer = letter.programme.slug, letter.participation.employer.slug
    for person, urls in {
        referent_of(letter.programme): [
            reverse("programmes:letters", args=[slug]),
            *(
                reverse(f"programmes:{name}", args=[slug, letter.ref])
                for name in ("letter", "letter_cancel", "letter_deposit", "letter_outside", "letter_amend")
            ),
        ],
        letter.participation.person: [
            reverse("programmes:my_letters"),
            *(
                reverse(f"programmes:{name}", args=[letter.ref])
                for name in ("my_letter", "my_letter_refuse", "my_letter_end")
            ),
        ],
        signatory(letter.programme): [
            reverse("programmes:hr_letters", args=[employer]),
            *(
                reverse(f"programmes:{name}", args=[employer, letter.ref])
                for name in ("hr_letter", "hr_deposit", "hr_hand_back")
            ),
        ],
    }.items():
        client = client_of(person)
        for url in urls:
            assert client.get(url).status_code in ANSWERED, url


@pytest.mark.parametrize("answer", ["accord", "necessite"])
def test_a_time_already_given_is_not_given_twice(validated, answer):
    letter = forced(validated, S.TO_MANAGER)
    visas.send_again(letter=letter, by=referent_of(letter.programme))
    page = Client().post(reverse("programmes:visa", args=[token_of(letter)]), {"answer": answer})
    assert page.status_code == (410 if answer == "accord" else 200)
    assert letter.signatures.filter(party="manager").count() == 1
