"""How long until the first prompt is on screen, beside the cost of importing prompt_toolkit; the best of several runs.

Usage: python benchmarks/first_prompt.py [RUNS] (default: 7). Exit code 1 when the prompt takes more than 4 times.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 4.0
PROMPT = "› ".encode()


def importing() -> float:
    """Seconds for a Python that imports prompt_toolkit and stops."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import prompt_toolkit"], check=True)
    return time.perf_counter() - start


def first_prompt() -> float:
    """Seconds from the start of `cli.py` until its prompt was written to a terminal."""
    start = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, str(ROOT / "cli.py")])  # noqa: S606
    seen = b""
    while PROMPT not in seen:
        seen += os.read(terminal, 4096)
        if b"\x1b[6n" in seen:
            # The cursor's place is asked for: a terminal answers at once.
            os.write(terminal, b"\x1b[1;1R")
            seen = seen.replace(b"\x1b[6n", b"")
    taken = time.perf_counter() - start
    os.write(terminal, b"\x04")
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:
        pass
    os.waitpid(pid, 0)
    return taken


def main() -> int:
    """Prints both figures and their ratio."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    first_prompt()  # compiles the knowledge base into the cache
    prompt, library = min(first_prompt() for _ in range(runs)), min(importing() for _ in range(runs))
    print(f"prompt_toolkit imported: {library * 1000:.0f} ms; first prompt: {prompt * 1000:.0f} ms")
    print(f"ratio {prompt / library:.2f} (limit {LIMIT:.0f})")
    return 0 if prompt <= LIMIT * library else 1


if __name__ == "__main__":
    sys.exit(main())
