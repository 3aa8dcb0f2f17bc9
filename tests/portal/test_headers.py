"""What every answer tells the browser: pages, refusals and missing pages alike."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from portal.accounts import TOO_MANY
from tests.builders import client_of, make_employer, make_person

pytestmark = pytest.mark.django_db
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store, private",
}
POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


@pytest.mark.parametrize(
    "path", ["/", "/urgence/", "/compte/connexion/", "/mon-espace/", "/mes-donnees/", "/nulle-part/", "/rh/nulle-part/"]
)
def test_no_answer_can_be_framed_cached_sniffed_or_run_foreign_code(path):
    client = client_of(make_person(make_employer()))
    for answer in (client.get(path), client.post(path)):
        for name, value in EVERYWHERE.items():
            assert answer.headers.get(name) == value, f"{path} {answer.status_code}: {name}"
        assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
        assert "camera=()" in answer.headers["Permissions-Policy"]


def test_production_keeps_cookies_to_this_host_and_asks_for_tls():
    """Settings as a deployment has them, read by a process of their own."""
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    names += ["SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "DEBUG", "DEMO", "ALLAUTH_TRUSTED_PROXY_COUNT"]
    code = f"import json; from django.conf import settings; print(json.dumps([getattr(settings, n) for n in {names}]))"
    key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = {**kept, "DJANGO_SETTINGS_MODULE": "portal.settings", "SECRET_KEY": "x" * 60, "FIELD_KEYS": key}
    env |= {
        "ALLOWED_HOSTS": "portail.exemple.fr",
        "BASE_URL": "https://portail.exemple.fr",
        "VAR_DIR": str(settings.VAR),
        "BEHIND_PROXY": "1",
    }
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, cwd=settings.BASE_DIR)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["__Host-resonance", "__Host-csrf", True, True, True, 31536000, False, False, 1]


def test_behind_a_proxy_tries_are_counted_by_browser_and_a_forged_address_gives_no_more(client, settings):
    """Else one stranger who tries codes keeps everybody of the employer out."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def tries(address: str, number: int) -> list[bool]:
        said = []
        for forged in range(number):
            hops = f"198.51.100.{forged}, {address}"
            answer = client.post("/entree/", {"code": "AAAA-BBBB-CCCC"}, headers={"X-Forwarded-For": hops})
            said.append(TOO_MANY in answer.content.decode())
        return said

    assert tries("192.0.2.7", 12) == [False] * 10 + [True] * 2
    assert tries("192.0.2.8", 1) == [False]


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_KEYS", "BASE_URL"])
def test_production_does_not_start_without_its_keys_and_address(missing):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = {**kept, "DJANGO_SETTINGS_MODULE": "portal.settings", "VAR_DIR": str(settings.VAR)}
    env |= {
        name: "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
        for name in ("SECRET_KEY", "FIELD_KEYS", "BASE_URL")
        if name != missing
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], env=env, capture_output=True, text=True, cwd=settings.BASE_DIR
    )
    assert done.returncode != 0
    assert f"{missing} est obligatoire" in done.stderr
