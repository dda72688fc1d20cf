"""Writes the JSON Schemas of faq.yaml and intents/*.yaml, for editors, out of the model that validates them.

python scripts/write_schemas.py [FOLDER]      (default: docs/schema)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from chatbot.knowledge.schema import json_schemas  # noqa: E402 (the checkout's package, installed or not)


def main(folder: Path) -> None:
    """One file per schema; a folder that is missing is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in json_schemas().items():
        (folder / name).write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "schema")
