"""Reading back what a release gives: the cells of its workbook, the rows of its CSV, the tables of its page."""

import csv
import io
import re
import zipfile
from html import unescape
from xml.etree import ElementTree

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {info.filename: opened.read(info).decode() for info in opened.infolist()}


def cells(data: bytes) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(parts(data)["content.xml"]).iter(f"{TABLE}table-cell"))


def value(cell: ElementTree.Element) -> str | int:
    number = cell.get(f"{OFFICE}value")
    return "".join(cell.itertext()) if number is None else int(number)


def workbook(data: bytes) -> dict[str, list[dict[str, str | int]]]:
    """{sheet: rows as {head: cell}}."""
    made = {}
    for table in ElementTree.fromstring(parts(data)["content.xml"]).iter(f"{TABLE}table"):
        heads, *rows = ([value(cell) for cell in row] for row in table.iter(f"{TABLE}table-row"))
        made[table.get(f"{TABLE}name")] = [dict(zip(heads, row, strict=True)) for row in rows]
    return made


def rows_of_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def page_tables(html: str) -> dict[str, list[list[str]]]:
    """{caption: rows of texts} of a page."""
    made = {}
    for table in re.findall(r"(?s)<table.*?</table>", html):
        caption = _text(re.search(r"(?s)<caption>(.*?)</caption>", table)[1])
        rows = re.findall(r"(?s)<tr>(.*?)</tr>", table)
        made[caption] = [[_text(cell) for cell in re.findall(r"(?s)<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]
    return made


def _text(html: str) -> str:
    """Words as they are read; no-break spaces are kept."""
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]+>", "", html))).strip()
