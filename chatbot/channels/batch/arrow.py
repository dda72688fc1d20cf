"""Arrow in, Arrow out: the one function DuckDB, Spark (mapInArrow) and Ray Data call as it is."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from chatbot.channels.batch.parallel import matcher_of
from chatbot.errors import UsageError
from chatbot.matching import Matcher

CANDIDATES = pa.list_(pa.struct([("intent", pa.string()), ("confidence", pa.float64())]))
# What is added to the columns that come in.
ADDED = (
    pa.field("decision", pa.string()),
    pa.field("intents", pa.list_(pa.string())),
    pa.field("confidence", pa.float64()),
    pa.field("candidates", CANDIDATES),
    pa.field("knowledge_version", pa.string()),
)


def match_schema(schema: pa.Schema, column: str = "text") -> pa.Schema:
    """The schema of what comes out for what comes in; UsageError when the column is missing, or a name is taken."""
    if column not in schema.names:
        raise UsageError(f"colonne « {column} » absente ; colonnes : {', '.join(schema.names) or 'aucune'}.")
    if schema.names.count(column) > 1:
        raise UsageError(f"il y a plusieurs colonnes « {column} » ; renommez-les.")
    kind = schema.field(column).type
    if pa.types.is_dictionary(kind):
        # What pandas makes of categories.
        kind = kind.value_type
    text_types = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null)
    if not any(is_text(kind) for is_text in text_types):
        raise UsageError(f"la colonne « {column} » est de type {kind} ; il faut du texte.")
    taken = [field.name for field in ADDED if field.name in schema.names]
    if taken:
        raise UsageError(f"colonnes déjà prises : {', '.join(taken)} ; renommez-les.")
    for field in ADDED:
        schema = schema.append(field)
    return schema


def match_arrow(data: Any, *, column: str = "text", kb: str | None = None) -> Any:
    """The same rows with decision, intents, confidence, candidates and knowledge_version beside their `column`.

    A record batch gives a record batch, a table a table, and record batches one after another an iterator of them.
    A null text is a fallback. kb: another shop's folder. UsageError as `match_schema` raises it.
    """
    if isinstance(data, pa.RecordBatch):
        return match_batch(matcher_of(kb), data, column)
    if isinstance(data, pa.Table):
        schema = match_schema(data.schema, column)
        batches = [match_batch(matcher_of(kb), batch, column) for batch in data.to_batches()]
        return pa.Table.from_batches(batches, schema)
    return (match_batch(matcher_of(kb), batch, column) for batch in data)


def match_batch(matcher: Matcher, batch: pa.RecordBatch, column: str = "text") -> pa.RecordBatch:
    """One record batch with the columns added."""
    schema = match_schema(batch.schema, column)
    matches = [matcher.match(_clean(text)) for text in batch.column(column).to_pylist()]
    added = [
        pa.array([str(match.decision) for match in matches], pa.string()),
        pa.array([list(match.intents) for match in matches], pa.list_(pa.string())),
        pa.array([match.confidence for match in matches], pa.float64()),
        pa.array([[c._asdict() for c in match.candidates] for match in matches], CANDIDATES),
        pa.array([match.knowledge_version for match in matches], pa.string()),
    ]
    return pa.RecordBatch.from_arrays([*batch.columns, *added], schema=schema)


def _clean(text: str | None) -> str:
    return text or ""
