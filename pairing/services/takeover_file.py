"""The file of a past programme: one line per pair, read without keeping the file. Pure: no table, no query.

Semicolons (or commas, or tabs), French headers, dates JJ/MM/AAAA, hours « 4,5 ». Every trouble is a sentence for its line.
"""

import csv
import datetime as dt
import io
from dataclasses import asdict, dataclass, field

from portal.errors import DomainError
from portal.words import FORMULA, search_key
from programmes.enums import Form

MAX_BYTES, MAX_LINES = 200_000, 200
FORMS = {"": "", "binome": Form.PAIR, "reciproque": Form.RECIPROCAL}
HEADERS = {
    "one_given": "Prénom A",
    "one_family": "Nom A",
    "one_email": "Adresse A",
    "other_given": "Prénom B",
    "other_family": "Nom B",
    "other_email": "Adresse B",
    "form": "Forme",
    "starts": "Début",
    "ends": "Fin",
    "meetings": "Rencontres",
    "letter_starts": "Lettre du",
    "letter_ends": "Lettre au",
    "letter_minutes": "Heures par mois",
    "training_on": "Formation le",
    "training_minutes": "Minutes de formation",
}
REQUIRED = ("one_given", "one_family", "other_given", "other_family", "starts")
DATES = ("starts", "ends", "letter_starts", "letter_ends", "training_on")
NUMBERS = ("meetings", "training_minutes")
WINDOWS = "Ce fichier n’est pas en UTF-8 : il a été lu comme un fichier de Windows. Vérifiez les accents des noms."
UNREADABLE = "Ce fichier n’est pas un tableau CSV. Enregistrez la feuille au format « CSV UTF-8 », puis déposez-la."


@dataclass(frozen=True)
class PastPair:
    """A pair as declared. `one` helps `other`; between peers the order says nothing. Letter and training: of `one`.

    Minutes are integers (`letter_minutes`: by month). `line`: where it was written, from 1 on the page, from 2 in a file.
    """

    line: int
    one_given: str
    one_family: str
    other_given: str
    other_family: str
    starts: dt.date
    one_email: str = ""
    other_email: str = ""
    form: str = ""
    ends: dt.date | None = None
    meetings: int = 0
    letter_starts: dt.date | None = None
    letter_ends: dt.date | None = None
    letter_minutes: int = 0
    training_on: dt.date | None = None
    training_minutes: int = 0

    @property
    def one(self) -> tuple[str, str, str]:
        return self.one_given, self.one_family, self.one_email

    @property
    def other(self) -> tuple[str, str, str]:
        return self.other_given, self.other_family, self.other_email

    def as_dict(self) -> dict:
        return {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, data: dict) -> "PastPair":
        dates = {name: dt.date.fromisoformat(data[name]) if data[name] else None for name in DATES}
        return cls(**{**data, **dates})


@dataclass
class Reading:
    """What a file says: its pairs, the sentences of each line that could not be read, a note on its letters."""

    rows: list[PastPair] = field(default_factory=list)
    errors: dict[int, list[str]] = field(default_factory=dict)
    note: str = ""


def model() -> bytes:
    """The file to fill in: headers and two invented pairs, as French spreadsheets open it."""
    rows = [
        ["Alix", "Exemple", "", "Jo", "Modèle", "", "binôme", "01/09/2023", "30/06/2024", "12"],
        ["Lou", "Exemple", "", "Sacha", "Modèle", "", "binôme", "15/01/2025", "", "8", "", "", "", "", ""],
    ]
    rows[0] += ["01/09/2023", "31/08/2024", "4", "05/09/2023", "420"]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([list(HEADERS.values()), *rows])
    return "\N{ZERO WIDTH NO-BREAK SPACE}".encode() + text.getvalue().encode()


def read(data: bytes) -> Reading:
    """The pairs of a file; raises DomainError on field `file` when it is no table of ours at all."""
    text, note = _text(data)
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise DomainError("Ce fichier est vide.", field="file")
    delimiter = max(";,\t", key=lines[0].count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise DomainError(UNREADABLE, field="file") from error
    while table and not any(cell.strip() for cell in table[0]):
        table.pop(0)
    columns = _columns(table[0])
    reading = Reading(note=note)
    filled = [(number, cells) for number, cells in enumerate(table[1:], 2) if any(cell.strip() for cell in cells)]
    if not filled:
        raise DomainError("Ce fichier n’a aucune ligne sous ses titres.", field="file")
    if len(filled) > MAX_LINES:
        raise DomainError(f"Un fichier porte {MAX_LINES} lignes au plus. Faites-en plusieurs.", field="file")
    for number, cells in filled:
        row, errors = _row(number, columns, cells)
        if errors:
            reading.errors[number] = errors
        else:
            reading.rows.append(row)
    return reading


def _text(data: bytes) -> tuple[str, str]:
    if len(data) > MAX_BYTES:
        raise DomainError(f"Ce fichier dépasse {MAX_BYTES // 1000} ko. Faites-en plusieurs.", field="file")
    if b"\0" in data or data.startswith((b"PK", b"%PDF", b"\xff\xfe", b"\xfe\xff")):
        raise DomainError(UNREADABLE, field="file")
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), WINDOWS
    except UnicodeDecodeError as error:
        raise DomainError(UNREADABLE, field="file") from error


def _columns(titles: list[str]) -> dict[str, int]:
    known = {search_key(label): name for name, label in HEADERS.items()}
    columns: dict[str, int] = {}
    for place, title in enumerate(titles):
        name = known.get(search_key(title))
        if name in columns:
            raise DomainError(f"La colonne « {HEADERS[name]} » est deux fois dans ce fichier.", field="file")
        if name:
            columns[name] = place
        elif title.strip():
            sentence = "Une colonne de ce fichier n’est pas dans le modèle. Reprenez les titres du modèle, sans autre."
            raise DomainError(sentence, field="file")
    missing = [HEADERS[name] for name in REQUIRED if name not in columns]
    if missing:
        raise DomainError(f"Il manque à ce fichier : {', '.join(missing)}. Partez du modèle.", field="file")
    return columns


def _row(number: int, columns: dict[str, int], cells: list[str]) -> tuple[PastPair | None, list[str]]:
    said = {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()}
    errors = []
    if len(cells) > max(columns.values()) + 1 and any(cell.strip() for cell in cells[max(columns.values()) + 1 :]):
        errors.append("Cette ligne a plus de cellules que de titres.")
    if any(value.startswith(FORMULA) for value in said.values()):
        return None, ["Une cellule commence par un signe de formule (=, +, -, @) : retirez-le."]
    values: dict = {"line": number}
    for name, value in said.items():
        try:
            values[name] = _value(name, value)
        except ValueError as error:
            errors.append(f"« {HEADERS[name]} » : {error}")
    errors += [f"« {HEADERS[name]} » : à remplir." for name in REQUIRED if not said.get(name)]
    return (None, errors) if errors else (PastPair(**values), [])


def _value(name: str, value: str):
    if name in DATES:
        return day(value) if value else None
    if name == "letter_minutes":
        return round(60 * _number(value.replace(",", "."))) if value else 0
    if name in NUMBERS:
        return _whole(value) if value else 0
    if name == "form":
        if search_key(value) not in FORMS:
            raise ValueError("écrivez « binôme » ou « réciproque ».")
        return FORMS[search_key(value)]
    if len(value) > (254 if name.endswith("email") else 80):
        raise ValueError("c’est trop long.")
    if any(not character.isprintable() for character in value):
        raise ValueError("un caractère ne s’imprime pas.")
    return value.lower() if name.endswith("email") else value


def day(value: str) -> dt.date:
    """« 31/12/2024 » or « 2024-12-31 »; raises ValueError with a sentence."""
    for separator, order in (("/", -1), ("-", 1)):
        parts = value.split(separator)[::order]
        if [len(part) for part in parts] == [4, 2, 2] and all(part.isascii() and part.isdigit() for part in parts):
            try:
                return dt.date(*(int(part) for part in parts))
            except ValueError:
                break
    raise ValueError("écrivez la date comme 31/12/2024.")


def _whole(value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 6:
        raise ValueError("écrivez un nombre entier.")
    return int(value)


def _number(value: str) -> float:
    whole, _, part = value.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 4) or (
        part and not (part.isascii() and part.isdigit())
    ):
        raise ValueError("écrivez un nombre d’heures, comme 4 ou 4,5.")
    return float(value)
