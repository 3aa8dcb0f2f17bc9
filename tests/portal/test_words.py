"""French in the order of the dictionary, and found without its accents."""

import pytest

from portal.models import Person
from portal.words import search_key, sort_key


def test_french_names_sort_as_in_the_dictionary():
    names = ["Zoé", "Œuvre", "Émile", "Elie", "Ernest", "Ophélie", "Odile", "Ève", "Ça", "Cédric", "Camille"]
    assert sorted(names, key=sort_key) == [
        *["Ça", "Camille", "Cédric", "Elie", "Émile", "Ernest", "Ève", "Odile", "Œuvre", "Ophélie", "Zoé"]
    ]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Émile", "emile"),
        ("ŒUVRE", "oeuvre"),
        ("Lætitia", "laetitia"),
        ("L’Haÿ-les-Roses", "l'hay-les-roses"),
        ("  Jean   Paul ", "jean paul"),
        ("E\u0301mile", "émile"),
        ("Straße", "strasse"),
    ],
)
def test_what_is_typed_without_accents_finds_what_was_written(written, typed):
    assert search_key(written) == search_key(typed)


def test_hyphen_and_apostrophe_sort_as_spaces():
    assert sort_key("Jean-Paul") == sort_key("Jean Paul")
    assert sort_key("D’Arc") == sort_key("d arc")


def test_a_key_is_its_own_key():
    for name in ("Émile", "L’Haÿ-les-Roses", "Œuvre"):
        assert sort_key(sort_key(name)) == sort_key(name)
        assert search_key(search_key(name)) == search_key(name)


def test_the_database_lists_people_by_family_name_in_french(db):
    for given, family in [("Zoé", "Œuvre"), ("Ana", "Zola"), ("Léa", "Élie"), ("Bob", "Eluard"), ("Max", "Odin")]:
        Person.objects.create(given=given, family=family)
    assert [p.family for p in Person.objects.all()] == ["Élie", "Eluard", "Odin", "Œuvre", "Zola"]


def test_a_corrected_name_moves_in_the_list(db):
    person = Person.objects.create(given="Ana", family="Zola")
    Person.objects.create(given="Max", family="Odin")
    person.family = "Éden"
    person.save()
    assert [p.family for p in Person.objects.all()] == ["Éden", "Odin"]
    assert Person.objects.filter(search_key__contains="eden").get() == person


def test_names_are_shown_short(db):
    assert Person(given="Alix", family="Moreau").short_name == "Alix M."
    assert Person(given="Alix", family="").short_name == "Alix"
