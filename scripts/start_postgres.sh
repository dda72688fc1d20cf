#!/usr/bin/env bash
# Starts a throw-away PostgreSQL in a temporary folder, on a free loopback port, and prints its URL and its folder:
#     CHATBOT_TEST_POSTGRES=postgresql://chatbot@127.0.0.1:54321/chatbot
#     CHATBOT_POSTGRES_FOLDER=/tmp/chatbot-postgres.XXXXXX
# Use: eval "$(scripts/start_postgres.sh)" ; stop and remove it with: scripts/start_postgres.sh --stop "$CHATBOT_POSTGRES_FOLDER"
# Works as root (PostgreSQL then runs as the user postgres) and as anyone else. Needs Debian's package postgresql.
set -euo pipefail

programs() {
  if command -v initdb >/dev/null; then dirname "$(readlink -f "$(command -v initdb)")"; return; fi
  local found
  found=$(find /usr/lib/postgresql -maxdepth 3 -name initdb 2>/dev/null | sort -V | tail -n 1)
  [ -n "$found" ] || { echo "PostgreSQL is not installed: apt-get install -y postgresql" >&2; exit 1; }
  dirname "$found"
}

as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

bin=$(programs)
if [ "${1:-}" = --stop ]; then
  folder=${2:?the folder that was printed}
  cd /
  as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null
  rm -rf "$folder"
  exit 0
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/chatbot-postgres.XXXXXX")
[ "$(id -u)" != 0 ] || chown postgres "$folder"
undo() { as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap undo ERR
cd /
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as_owner "$bin/initdb" -D "$folder/data" -U chatbot -A trust -E UTF8 --locale=C >"$folder/initdb.log"
as_owner "$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/data/server.log" \
  -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='$folder'" start >/dev/null
as_owner "$bin/createdb" -h 127.0.0.1 -p "$port" -U chatbot chatbot
echo "CHATBOT_TEST_POSTGRES=postgresql://chatbot@127.0.0.1:$port/chatbot"
echo "CHATBOT_POSTGRES_FOLDER=$folder"
