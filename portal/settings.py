"""Every setting, read from the environment, with production-safe defaults.

`DEMO=1` turns on the demonstration (one-click people, mails on a page): only ever on a loopback address.
Without it, `SECRET_KEY`, `FIELD_KEYS` and `ALLOWED_HOSTS` must be given, or the start fails with one sentence.
"""

import base64
import os
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

TESTING = "pytest" in sys.modules
DEMO = env.bool("DEMO", default=TESTING)
DEBUG = False
VAR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
VAR.mkdir(parents=True, exist_ok=True)


def _demo_secret(name: str) -> str:
    """A random secret of this checkout, kept in `var/`: the demonstration needs no setting up."""
    path = VAR / name
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    return path.read_text().strip()


def _required(name: str) -> str:
    value = env(name, default="")
    if value:
        return value
    if DEMO:
        return _demo_secret(name.lower().replace("_", "-"))
    raise ImproperlyConfigured(
        f"La variable d’environnement {name} est obligatoire hors démonstration (voir .env.example)."
    )


SECRET_KEY = _required("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Encryption keys of texts and files: 32 bytes in urlsafe base64, the first one writes, all of them read.
FIELD_KEYS = env.list("FIELD_KEYS", default=[]) or [_required("FIELD_KEYS")]

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEMO else [])
if TESTING:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
# Links of mails and documents are made from it, never from what a request says.
BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000" if DEMO else "")
if not BASE_URL:
    raise ImproperlyConfigured(
        "La variable d’environnement BASE_URL est obligatoire hors démonstration (voir .env.example)."
    )
# The answering pages of surveys live on a host of their own, where no session cookie is ever sent; empty: on this one.
SURVEY_URL = env("SURVEY_URL", default="").rstrip("/")
SURVEY_HOST = urlsplit(SURVEY_URL).hostname or ""
if SURVEY_HOST:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, SURVEY_HOST]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TLS = env.bool("TLS", default=not DEMO)

INSTALLED_APPS = [
    "evaluation",
    "pairing",
    "programmes",
    "portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.headers",
    "portal.middleware.nobody",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.late.keeper",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.current_person",
    "portal.middleware.typography",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "portal.context.chrome",
            ],
            "builtins": ["portal.templatetags.resonance"],
        },
    },
]

# --- Database -------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL + IMMEDIATE is the only combination without "database is locked" under load (docs/decisions/0002-sqlite.md).
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA secure_delete=ON;",
        # A page sends some hundred different statements; SQLite parses again those it has forgotten (128 kept at first).
        "cached_statements": 1000,
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"
    )
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Rate limits of sign-in are counted here: every process must share it.
if REDIS_URL := env("REDIS_URL", default=""):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
elif TESTING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
else:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(VAR / "cache")}
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Queue ----------------------------------------------------------------------------------------------------------
BROKER_DIR = VAR / "broker"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "socket_connect_timeout": 2, "socket_timeout": 5}
else:
    CELERY_BROKER_URL = "filesystem://localhost"
    for _folder in ("queue", "control"):
        (BROKER_DIR / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ALWAYS_EAGER = TESTING
CELERY_TASK_EAGER_PROPAGATES = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "portal.sweep", "schedule": env.float("SWEEP_SECONDS", default=10), "options": {"expires": 10}},
    "seal-journal": {"task": "portal.seal_journal", "schedule": 3600.0, "options": {"expires": 600}},
    "forget": {"task": "portal.forget", "schedule": 3600.0, "options": {"expires": 600}},
    "news": {"task": "portal.news", "schedule": 3600.0, "options": {"expires": 600}},
    "letters": {"task": "programmes.letters", "schedule": 3600.0, "options": {"expires": 600}},
    "training": {"task": "programmes.training", "schedule": 3600.0, "options": {"expires": 600}},
    "support": {"task": "pairing.support_reminders", "schedule": 900.0, "options": {"expires": 600}},
    "quiet-pairs": {"task": "pairing.quiet", "schedule": 3600.0, "options": {"expires": 600}},
    "waiting-pairs": {"task": "pairing.refresh_waiting", "schedule": 3600.0, "options": {"expires": 600}},
    "returns": {"task": "pairing.returns", "schedule": 900.0, "options": {"expires": 600}},
    "wishes": {"task": "pairing.close_wishes", "schedule": 1800.0, "options": {"expires": 600}},
    "proposals": {"task": "pairing.proposals", "schedule": 3600.0, "options": {"expires": 600}},
}
# Intervals of seconds and hours need no memory of the last run, hence no file.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=60)

# --- People and sign-in ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:after_login"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "portal.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_FORMS = {
    "signup": "portal.forms.accounts.SignupForm",
    "login": "portal.forms.accounts.LoginForm",
    "request_login_code": "portal.forms.accounts.RequestLoginCodeForm",
    "confirm_login_code": "portal.forms.accounts.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "portal.forms.accounts.ConfirmEmailCodeForm",
    "confirm_password_reset_code": "portal.forms.accounts.ConfirmResetCodeForm",
    "reset_password": "portal.forms.accounts.ResetPasswordForm",
    "reset_password_from_key": "portal.forms.accounts.ResetPasswordKeyForm",
    "change_password": "portal.forms.accounts.ChangePasswordForm",
    "set_password": "portal.forms.accounts.SetPasswordForm",
    "reauthenticate": "portal.forms.accounts.PasswordAgainForm",
    "add_email": "portal.forms.accounts.ChangeEmailForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# One length for every code, long enough for a slow queue and for people who type slowly; three tries each.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if TLS else "http"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Added to those of allauth: codes of entry cards as sign-ins, calls asked for.
ACCOUNT_RATE_LIMITS = {"entry_code": "10/m/ip", "call_back": "10/m/ip", "late_form": "30/m/ip,10/m/key"}
MFA_ADAPTER = "portal.accounts.MFAAdapter"
MFA_FORMS = {
    "authenticate": "portal.forms.accounts.SecondFactorForm",
    "reauthenticate": "portal.forms.accounts.SecondFactorAgainForm",
    "activate_totp": "portal.forms.accounts.ActivateAppForm",
    "add_webauthn": "portal.forms.passkeys.AddKeyForm",
    "edit_webauthn": "portal.forms.passkeys.KeyNameForm",
    "authenticate_webauthn": "portal.forms.passkeys.KeyForm",
    "reauthenticate_webauthn": "portal.forms.passkeys.KeyAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Résonance"
MFA_RECOVERY_CODE_COUNT = 10

SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_NAME = "__Host-resonance" if TLS else "resonance"
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"

# --- Browser security -----------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 31536000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TLS
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Tries are counted by address: that of the browser, which the last PROXIES of ours wrote, not that of the proxy.
    ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", default=1)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- Words, files, mails --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", BASE_DIR / "node_modules/bootstrap/dist/css"),
    ("fonts", BASE_DIR / "node_modules/@fontsource/atkinson-hyperlegible-next/files"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "unused"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING
DOCUMENTS_DIR = Path(env("DOCUMENTS_DIR", default=str(VAR / "documents")))

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Résonance <ne-pas-repondre@resonance.invalid>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
DEMO_MAIL_DIR = VAR / "courrier"
if DEMO and not TESTING:
    EMAIL_BACKEND = "portal.demo_mail.Backend"
else:
    globals().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 10
# One message a day and no message at night, unless the demonstration wants to show them as they are written.
MAIL_AT_ONCE = env.bool("MAIL_AT_ONCE", default=DEMO)

CRISPY_ALLOWED_TEMPLATE_PACKS = ["resonance", "bootstrap5"]
CRISPY_TEMPLATE_PACK = "resonance"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

SILENCED_SYSTEM_CHECKS = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "portal.logs.HideRows", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"hide_tokens": {"()": "portal.logs.HideTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["hide_tokens"]}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
