"""HTML to PDF/UA: tagged, in French, titled, the same bytes for the same content.

WeasyPrint is imported inside (0.8 s, workers only). Its fetcher knows one invented address, which stands for our static
files; anything else (network, data:, the disk) stops the rendering: a document of ours refers to nothing outside.
"""

import base64
import mimetypes
import re
from pathlib import Path, PurePosixPath

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from portal.typography import french

STATIC = "https://static.invalid/"
SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
ADDRESS = re.compile(r'url\("\.\./([^"]+)"\)')


class OutsideResource(Exception):
    """A document referred to something that is not one of our static files."""


def static_file(name: str) -> Path:
    """The source of a static file by its relative name."""
    inside = not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts
    found = finders.find(name) if inside else None
    if not found:
        raise OutsideResource(f"not a static file of ours: {name}")
    return Path(found)


def render_pdf(html: str) -> bytes:
    """A PDF/UA-1 file from a whole page whose `lang` and `title` are set."""
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OurFiles(URLFetcher):
        def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
            if not url.startswith(STATIC):
                raise FatalURLFetchingError(f"documents fetch nothing outside: {url[:60]}")
            try:
                path = static_file(url.removeprefix(STATIC))
            except OutsideResource as error:
                raise FatalURLFetchingError(str(error)) from error
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    try:
        return HTML(string=html, base_url=STATIC, url_fetcher=OurFiles()).write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:  # a BaseException, which would end a worker
        raise OutsideResource(str(error)) from error


def in_print_shell(document: object, body: str, accent: str) -> str:
    """The whole printed page of `document`: its `body` template in the print shell, in an employer's accent."""
    html = french(render_to_string("layout/print.html", {"document": document, "body": body}))
    return html.replace("</head>", f"<style>:root {{ --accent: {accent}; }}</style>\n</head>", 1)


def standalone(html: str) -> str:
    """The same page as one file: its sheets and their fonts inside, nothing to fetch."""

    def sheet(match: re.Match) -> str:
        text = static_file(match[1]).read_text(encoding="utf-8")
        return f"<style>\n{ADDRESS.sub(_embedded, text)}\n</style>"

    return SHEET.sub(sheet, html)


def _embedded(match: re.Match) -> str:
    path = static_file(match[1])
    kind = mimetypes.guess_type(path.name)[0] or "font/woff2"
    return f'url("data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}")'
