"""Does the web server of this container answer? Asks as the reverse proxy would."""

import os
import sys
from http.client import HTTPConnection, HTTPException


def main() -> int:
    connection = HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
    host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0]
    try:
        connection.request("GET", "/", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return int(connection.getresponse().status >= 400)
    except (OSError, HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
