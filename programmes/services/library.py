"""The library of an employer: model documents, its own wording of them, and how they read today."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from portal import clock
from portal.dates import day_in_words
from portal.enums import Verb
from portal.errors import Conflict, DomainError
from portal.models import Employer, Person
from portal.services import journal
from programmes import letter_text, library_text
from programmes.library_text import Code, Model
from programmes.models import LibraryText, Programme
from programmes.services import letters

NEUTRAL_NAME = "Entraide professionnelle"
PUT_IN_USE = "Cette version est utilisée : son texte ne change plus. Préparez-en une nouvelle."
FICTIONAL = "Employeur fictif : données de démonstration"


@dataclass(frozen=True)
class Document:
    """A document as its template reads it; `print` for the print shell."""

    model: Model
    number: int
    employer: Employer
    blocks: list[dict]
    address: str
    print: bool = False

    @property
    def page_title(self) -> str:
        return self.model.title

    title = page_title

    @property
    def period(self) -> str:
        return f"version {self.number}" if self.number else f"modèle, version {self.model.version}"

    @property
    def over(self) -> str:
        """Whose document it is, above its title."""
        return self.employer.neutral_name if self.model.neutral else self.employer.name

    @property
    def notice(self) -> str:
        return FICTIONAL if self.employer.fictional else ""

    @cached_property
    def groups(self) -> list[dict]:
        return library_text.groups(self.blocks)

    @cached_property
    def qr(self) -> Code | None:
        return library_text.qr_code(self.address) if self.model.layout != library_text.PAGE else None

    @property
    def qr_text(self) -> str:
        return f"Code QR vers {self.address}"

    @property
    def copies(self) -> range:
        """Cards are printed by the sheet."""
        return range(library_text.CARDS_A_SHEET if self.print and self.model.layout == library_text.CARD else 1)

    @property
    def sha256(self) -> str:
        shown = [self.model.title, self.over, self.employer.neutral_name, self.employer.accent, self.notice]
        return library_text.digest({"blocks": self.blocks, "shown": shown, "qr": self.address, "version": self.period})


@dataclass(frozen=True)
class Entry:
    """A line of the library: the model, the version in use (None: the model itself) and the draft."""

    model: Model
    used: LibraryText | None
    draft: LibraryText | None

    @property
    def outdated(self) -> bool:
        """The model was rewritten after the version in use."""
        return self.used is not None and self.used.based_on < self.model.version

    @property
    def blocks(self) -> list[dict]:
        return self.used.blocks if self.used else list(self.model.blocks)


# --- Reading --------------------------------------------------------------------------------------------------------
def entries(employer: Employer) -> list[Entry]:
    """The whole library of an employer, in one query."""
    used, drafts = {}, {}
    for row in LibraryText.objects.filter(employer=employer).order_by("number"):
        (used if row.in_use_on else drafts)[row.code] = row
    return [Entry(model, used.get(code), drafts.get(code)) for code, model in library_text.every().items()]


def entry(employer: Employer, code: str) -> Entry:
    """One line; raises KeyError."""
    model = library_text.every()[code]
    rows = LibraryText.objects.filter(employer=employer, code=code)
    return Entry(
        model,
        rows.filter(in_use_on__isnull=False).order_by("-number").first(),
        rows.filter(in_use_on__isnull=True).first(),
    )


def words_of(programme: Programme, *, neutral: bool = False) -> dict[str, str]:
    """What replaces the placeholders; `neutral`: the text is read by passers-by."""
    employer = programme.lead_employer
    team = letters.referents(programme)
    address = team[0].user.email if team and team[0].user_id else ""
    name = programme.name
    if neutral and letter_text.health_words(name):
        name = NEUTRAL_NAME
    if neutral and letter_text.health_words(address):
        address = ""
    return {
        "employeur": employer.neutral_name if neutral else employer.name,
        "employeur_court": employer.neutral_name,
        "versant": employer.get_branch_display(),
        "programme": name,
        "referent": team[0].full_name if team else "l’équipe du programme",
        "contact": address,
        "adresse": join_address(programme),
        "date": day_in_words(clock.today(programme.time_zone), weekday=False),
    }


def join_address(programme: Programme) -> str:
    return settings.BASE_URL + reverse("programmes:public", args=[programme.slug])


def document_of(programme: Programme, code: str, *, text: LibraryText | None = None, print: bool = False) -> Document:
    """The document as it reads today: the version in use, else the model; or `text`. Raises KeyError."""
    row = entry(programme.lead_employer, code)
    shown = text or row.used
    blocks = library_text.filled(
        shown.blocks if shown else row.model.blocks, words_of(programme, neutral=row.model.neutral)
    )
    return Document(
        row.model, shown.number if shown else 0, programme.lead_employer, blocks, join_address(programme), print
    )


# --- Adapting -------------------------------------------------------------------------------------------------------
@transaction.atomic
def draft(*, programme: Programme, code: str, by: Person, afresh: bool = False) -> LibraryText:
    """The version being written, begun if there is none from the one in use, or from the model if `afresh`."""
    row = entry(programme.lead_employer, code)
    if row.draft:
        return row.draft
    numbers = LibraryText.objects.filter(employer=programme.lead_employer, code=code)
    text = LibraryText.objects.create(
        employer=programme.lead_employer,
        code=code,
        number=(numbers.aggregate(last=Max("number"))["last"] or 0) + 1,
        based_on=row.model.version,
        blocks=list(row.model.blocks) if afresh else row.blocks,
        by=by,
        at=clock.now(),
    )
    journal.log(actor=by, verb=Verb.CREATED, target=text, employer=programme.lead_employer)
    return text


@transaction.atomic
def change(*, text: LibraryText, blocks: list[dict], seen: int, by: Person) -> None:
    """New blocks for a draft; those left empty go. Raises Conflict if somebody else changed it meanwhile."""
    kept = library_text.cleaned(blocks)
    if not kept:
        raise DomainError("Gardez au moins un bloc de texte.")
    if len(kept) > library_text.MAX_BLOCKS:
        raise DomainError(f"Un document compte {library_text.MAX_BLOCKS} blocs au plus.")
    if any(len(block["text"]) > library_text.MAX_TEXT for block in kept):
        raise DomainError(f"Un bloc compte {library_text.MAX_TEXT} caractères au plus.")
    if library_text.every()[text.code].neutral:
        _refuse_health(kept)
    _write(text, seen, blocks=kept, by=by, at=clock.now())
    journal.log(actor=by, verb=Verb.CHANGED, target=text, employer=text.employer)


def _refuse_health(blocks: list[dict]) -> None:
    found = [word for block in blocks for word in letter_text.health_words(block["text"])]
    if found:
        raise DomainError(
            f"Ce document se lit en passant : il ne dit rien de la santé ni du handicap. Remplacez « {found[0].strip()}… »."
        )


@transaction.atomic
def put_in_use(*, text: LibraryText, seen: int, by: Person) -> None:
    """From today this wording replaces the model; it never changes again."""
    _write(text, seen, in_use_on=clock.today(text.employer.time_zone))
    journal.log(actor=by, verb=Verb.MOVED, target=text, employer=text.employer)


@transaction.atomic
def drop(*, text: LibraryText, by: Person) -> None:
    """Give a draft up; what was in use stays in use."""
    deleted, _ = LibraryText.objects.filter(pk=text.pk, in_use_on__isnull=True).delete()
    if not deleted:
        raise DomainError(PUT_IN_USE)
    journal.log(actor=by, verb=Verb.CHANGED, target=text, employer=text.employer)


def _write(text: LibraryText, seen: int, **values) -> None:
    rows = LibraryText.objects.filter(pk=text.pk, in_use_on__isnull=True)
    if not rows.filter(version=seen).update(version=seen + 1, **values):
        if rows.exists():
            raise Conflict
        raise DomainError(PUT_IN_USE)
    text.refresh_from_db()
