"""A log line says what broke, never whose row it was."""

import logging
import logging.config
import sys

import pytest
from django.conf import settings
from django.db import IntegrityError

DETAIL = """new row for relation "x" violates check constraint "y"
DETAIL:  Failing row contains (1, CANARI Alix, alix@exemple.invalid, CANARI
second line of a CANARI)."""


def formatted(error: Exception) -> str:
    config = settings.LOGGING["formatters"]["line"]
    formatter = logging.config.DictConfigurator(settings.LOGGING).configure_formatter(dict(config))
    try:
        raise error
    except type(error):
        record = logging.LogRecord("portal", logging.ERROR, __file__, 1, "job failed", (), sys.exc_info())
    return formatter.format(record)


def test_a_traceback_never_quotes_the_row_that_was_refused():
    text = formatted(IntegrityError(DETAIL))
    assert "CANARI" not in text
    assert "exemple.invalid" not in text
    assert 'violates check constraint "y"' in text
    assert "test_logs.py" in text


@pytest.mark.parametrize("way", ["r", "visa", "seance", "invitation", "agenda"])
def test_a_traceback_never_holds_the_secret_of_a_link(way):
    assert "s3cret" not in formatted(ValueError(f"no page at /{way}/s3cret-token/"))


def test_a_chain_of_errors_keeps_its_causes_and_loses_its_rows():
    try:
        try:
            raise IntegrityError(DETAIL)
        except IntegrityError as cause:
            raise RuntimeError("the job stopped") from cause
    except RuntimeError as error:
        text = formatted(error)
    assert "CANARI" not in text
    assert "the job stopped" in text
