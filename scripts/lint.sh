#!/bin/sh
# Style of the code and of the templates, pending migrations, production settings.
set -u
cd "$(dirname "$0")/.."
status=0
check() { "$@" || { echo "échec : $*" >&2; status=1; }; }
# Settings as in production, with keys of no worth made for this run.
key=$(.venv/bin/python -c 'import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(48)).decode())')
field_key=$(.venv/bin/python -c 'import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())')
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
production() {
  env -u DEMO SECRET_KEY="$key" FIELD_KEYS="$field_key" ALLOWED_HOSTS=resonance.example BASE_URL=https://resonance.example \
    VAR_DIR="$folder" .venv/bin/python manage.py "$@"
}

check .venv/bin/python -m ruff check --quiet .
check .venv/bin/python -m ruff format --check --quiet .
check .venv/bin/python -m djlint templates --lint --quiet
check production makemigrations --check --dry-run --verbosity 1
check production check --deploy --fail-level WARNING
exit $status
