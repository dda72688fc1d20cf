"""CSV and Parquet files in and out, a chunk at a time: memory does not grow with the file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from chatbot.channels.batch.parallel import chunked, in_order
from chatbot.errors import UsageError
from chatbot.matching import Matcher

ADDED = ("decision", "intents", "confidence", "knowledge_version")
# Rows worked on at once by one process.
CHUNK = 1000
# Excel's rows may be long; the default limit of the csv module is not.
_LONGEST_FIELD = 10_000_000


def match_csv(source: Path, target: Path, column: str, folder: str | None, jobs: int) -> int:
    """Matches the `column` of a CSV file (UTF-8, header, comma or semicolon); returns how many rows were written."""
    csv.field_size_limit(_LONGEST_FIELD)
    with source.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        dialect = _dialect(lines.readline())
        lines.seek(0)
        rows = csv.DictReader(lines, delimiter=dialect, restkey="")
        names = [name for name in rows.fieldnames or () if name]
        _check(names, column)
        done = in_order(partial(_csv_chunk, column), chunked(rows, CHUNK), folder, jobs)
        return _written(target, partial(_write_csv, [*names, *ADDED], dialect), done)


def _dialect(header: str) -> str:
    """What separates the columns: French spreadsheets write semicolons."""
    return ";" if header.count(";") > header.count(",") else ","


def _check(names: Sequence[str], column: str) -> None:
    if column not in names:
        raise UsageError(f"colonne « {column} » absente ; colonnes : {', '.join(names) or 'aucune'} (voir --column).")
    taken = [name for name in ADDED if name in names]
    if taken:
        raise UsageError(f"colonnes déjà prises : {', '.join(taken)} ; renommez-les.")


def _csv_chunk(column: str, matcher: Matcher, rows: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        match = matcher.match(row.get(column) or "")
        confidence = match.candidates[0].confidence if match.candidates else 0.0
        values = (str(match.decision), " ".join(match.intents), confidence, match.knowledge_version)
        found.append({**row, **dict(zip(ADDED, values, strict=True))})
    return found


def _write_csv(names: Sequence[str], delimiter: str, target: Path, chunks: Iterator[list[dict[str, Any]]]) -> int:
    count = 0
    with target.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, names, delimiter=delimiter, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
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
    except (OSError, pa.ArrowInvalid) as error:
        raise UsageError(f"{source} n'est pas un fichier Parquet lisible.") from error
    with rows:
        schema = match_schema(rows.schema_arrow, column)
        done = in_order(partial(_arrow_chunk, column), rows.iter_batches(CHUNK), folder, jobs)
        return _written(target, partial(_write_parquet, schema), done)


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


def _written(target: Path, write: Callable[[Path, Any], int], chunks: Any) -> int:
    """Writes beside the target and renames: whoever finds the target finds all of it."""
    beside = target.with_name(target.name + ".partial")
    try:
        count = write(beside, chunks)
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    return count
