"""docs/data-map.yml lists every column of the database with the kind of data it holds."""

import pytest
import yaml

from portal.crypto import SealedField
from scripts.registry import DATA_MAP, fields, listed_fields

CLASSES = set(yaml.safe_load(DATA_MAP.read_text())["classes"])


@pytest.mark.parametrize("model", sorted(fields().keys() | listed_fields().keys()))
def test_every_column_is_on_the_map_and_nothing_else_is(model):
    assert sorted(listed_fields().get(model, {})) == sorted(fields().get(model, []))


def test_every_column_has_a_known_class():
    wrong = [
        f"{model}.{name}: {kind}"
        for model, names in listed_fields().items()
        for name, kind in names.items()
        if kind not in CLASSES
    ]
    assert not wrong


def test_what_people_write_about_themselves_is_sealed():
    from django.apps import apps

    for model, names in listed_fields().items():
        for name, kind in names.items():
            if kind == "own-text":
                assert isinstance(apps.get_model(model)._meta.get_field(name), SealedField), f"{model}.{name}"
