"""The guide for embedders: every block of Python in it is run as it stands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "embedding.md").read_text("utf-8")
_BLOCK = re.compile(r"^```python ?(\w*)\n(.*?)^```$", re.M | re.S)


def blocks(tag: str) -> str:
    """The blocks of a tag, one after another, on the lines they have in the guide."""
    lines = [""] * (GUIDE.count("\n") + 1)
    for found in _BLOCK.finditer(GUIDE):
        if found[1] == tag:
            first = GUIDE.count("\n", 0, found.start(2))
            for number, line in enumerate(found[2].splitlines()):
                lines[first + number] = line
    return "\n".join(lines)


def run(code: str, folder: Path, **variables: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **variables}
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env=environment, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_there_are_blocks_to_run() -> None:
    assert len(_BLOCK.findall(GUIDE)) >= 15


def test_the_guide_runs_from_top_to_bottom(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
    run(blocks(""), tmp_path)


@pytest.mark.e2e
def test_duckdb_calls_the_function_unchanged(tmp_path: Path) -> None:
    pytest.importorskip("duckdb", reason="the extra e2e is not installed: duckdb")
    run(blocks("duckdb"), tmp_path)


@pytest.mark.spark
def test_spark_calls_the_function_unchanged(tmp_path: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("no Java: apt-get install -y openjdk-17-jre-headless")
    if find_spec("pyspark") is None:
        pytest.skip("the extra e2e is not installed: pyspark")
    run(blocks("spark"), tmp_path, PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")


def test_ray_s_example_calls_what_ray_documents(tmp_path: Path) -> None:
    """Ray itself is too large to install here: a stand-in with the two methods the example uses hands it Arrow tables."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra arrow is not installed")
    import pyarrow as pa

    (tmp_path / "ray.py").write_text(
        "from pyarrow import parquet\n"
        "class data:\n"
        "    def __init__(self, table): self.table = table\n"
        "    @classmethod\n"
        "    def read_parquet(cls, path): return cls(parquet.read_table(path))\n"
        "    def map_batches(self, work, batch_format):\n"
        "        assert batch_format == 'pyarrow'\n"
        "        return data(work(self.table))\n"
        "    def write_parquet(self, path): parquet.write_table(self.table, path)\n",
        "utf-8",
    )
    parquet.write_table(pa.table({"text": ["une copie de ma facture"]}), tmp_path / "log.parquet")
    run(f"import sys; sys.path.insert(0, '.')\n{blocks('ray')}", tmp_path)
    assert parquet.read_table(tmp_path / "matched").column("decision").to_pylist() == ["answer"]
