"""Do PostgreSQL (DATABASE_URL) and Redis (REDIS_URL) answer? Exit 0 when both do, 1 with a sentence otherwise."""

import os
import sys

import environ
import psycopg
import redis

DATABASE_URL = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/test"
REDIS_URL = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0"


def main() -> str:
    database = environ.Env.db_url_config(DATABASE_URL)
    try:
        # The server is what matters: the database itself is made by the tests.
        psycopg.connect(
            host=database["HOST"],
            port=database["PORT"] or 5432,
            user=database["USER"],
            password=database["PASSWORD"],
            dbname="postgres",
            connect_timeout=3,
        ).close()
    except psycopg.OperationalError:
        return "PostgreSQL ne répond pas : les tests sur PostgreSQL et Redis ne sont pas lancés."
    try:
        redis.Redis.from_url(REDIS_URL, socket_connect_timeout=3).ping()
    except redis.RedisError:
        return "Redis ne répond pas : les tests sur PostgreSQL et Redis ne sont pas lancés."
    return ""


if __name__ == "__main__":
    sys.exit(main() or 0)
