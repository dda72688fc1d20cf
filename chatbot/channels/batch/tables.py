"""CSV and Parquet files in and out, a chunk at a time: memory does not grow with the file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from chatbot.channels.batch.files import whole
from chatbot.channels.batch.parallel import chunked, in_order
from chatbot.errors import UsageError
from chatbot.matching import Matcher

ADDED = ("decision", "intents", "confidence", "knowledge_version")
# Rows worked on at once by one process.
CHUNK = 1000
# Excel's rows may be long; the default limit of the csv module is not.
_LONGEST_FIELD = 10_000_000


def match_csv(source: Path, target: Path, column: str, folder: str | None, jobs: int) -> int:
    """Matches the `column` of a CSV file (UTF-8, header, comma or semicolon); returns how many rows were written.

    Every cell comes back where it stood; UsageError for a file where one would be lost.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    with source.open(encoding="utf-8-sig", newline="") as lines, _readable(source):
        dialect = _dialect(lines.readline())
        lines.seek(0)
        reader = csv.reader(lines, delimiter=dialect)
        names = next(reader, [])
        _check(names, column)
        rows = _rows(source, reader, len(names))
        done = in_order(partial(_csv_chunk, names.index(column)), chunked(rows, CHUNK), folder, jobs)
        with whole(target) as beside:
            return _write_csv([*names, *ADDED], dialect, beside, done)


@contextmanager
def _readable(source: Path) -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError:
        raise UsageError(f"« {source} » n'est pas en UTF-8 ; enregistrez-le en « CSV UTF-8 ».") from None
    except csv.Error as error:
        raise UsageError(
            f"« {source} » n'est pas un CSV lisible ({error}) ; un guillemet est-il resté ouvert ?"
        ) from None


def _dialect(header: str) -> str:
    """What separates the columns: French spreadsheets write semicolons."""
    return ";" if header.count(";") > header.count(",") else ","


def _check(names: Sequence[str], column: str) -> None:
    if names.count(column) != 1:
        fault = "en double" if column in names else "absente"
        shown = ", ".join(filter(None, names)) or "aucune"
        raise UsageError(f"colonne « {column} » {fault} ; colonnes : {shown} (voir --column).")
    taken = [name for name in ADDED if name in names]
    if taken:
        raise UsageError(f"colonnes déjà prises : {', '.join(taken)} ; renommez-les.")


def _rows(source: Path, reader: Any, width: int) -> Iterator[list[str]]:
    """The rows, blank lines left out, short ones filled up; one with more cells than the header has is a fault."""
    for row in reader:
        if len(row) > width:
            cure = "mettez entre guillemets un texte qui contient le séparateur"
            raise UsageError(f"{source}:{reader.line_num}: {len(row)} cellules pour {width} colonnes ; {cure}.")
        if row:
            yield row + [""] * (width - len(row))


def _csv_chunk(column: int, matcher: Matcher, rows: Sequence[list[str]]) -> list[list[Any]]:
    found = []
    for row in rows:
        match = matcher.match(row[column])
        confidence = match.confidence
        found.append([*row, str(match.decision), " ".join(match.intents), confidence, match.knowledge_version])
    return found


def _write_csv(names: Sequence[str], delimiter: str, target: Path, chunks: Iterator[list[list[Any]]]) -> int:
    count = 0
    with target.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, delimiter=delimiter, lineterminator="\n")
        writer.writerow(names)
        for rows in chunks:
            writer.writerows(rows)
            count += len(rows)
    return count


def match_parquet(source: Path, target: Path, column: str, folder: str | None, jobs: int) -> int:
    """Matches the `column` of a Parquet file; returns how many rows were written."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError('il manque pyarrow ; installez-le : pip install "chrono-chatbot[arrow]"') from error
    from chatbot.channels.batch.arrow import match_schema

    try:
        rows = parquet.ParquetFile(source)
    except pa.ArrowInvalid as error:
        raise UsageError(f"{source} n'est pas un fichier Parquet lisible.") from error
    with rows:
        schema = match_schema(rows.schema_arrow, column)
        done = in_order(partial(_arrow_chunk, column), rows.iter_batches(CHUNK), folder, jobs)
        with whole(target) as beside:
            return _write_parquet(schema, beside, done)


def _arrow_chunk(column: str, matcher: Matcher, batch: Any) -> Any:
    from chatbot.channels.batch.arrow import match_batch

    return match_batch(matcher, batch, column)


def _write_parquet(schema: Any, target: Path, batches: Iterator[Any]) -> int:
    from pyarrow import parquet

    count = 0
    with parquet.ParquetWriter(target, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
            count += batch.num_rows
    return count
