"""A log line says what broke, never whose row it was."""

import logging
import logging.config
import sys

from django.conf import settings
from django.db import IntegrityError

from portal.logs import HideTokens
from scripts.registry import routes

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


def test_the_secret_of_no_link_is_ever_in_a_line_of_log():
    """Every address that carries a token, as the routes have them."""
    links = [route.path for route in routes() if "<str:token>" in route.path]
    assert len(links) >= 6
    for path in links:
        said = f"Forbidden (CSRF token missing.): {path.replace('<str:token>', 's3cret-token_0')}"
        record = logging.LogRecord("django.security.csrf", logging.WARNING, __file__, 1, said, (), None)
        HideTokens().filter(record)
        assert "s3cret" not in record.getMessage(), path
        assert "s3cret" not in formatted(ValueError(said)), path


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
