"""Reload: swapped at once, or not at all and said so."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from http_shops import TOKEN, Make, write_shop
from starlette.testclient import TestClient

BEARER = {"authorization": f"Bearer {TOKEN}"}


def answer_of(client: TestClient) -> str:
    text: str = client.get("/v1/questions/pain_frais", headers=BEARER).json()["text"]
    return text


@pytest.fixture
def shop(make: Make, shop_folder: Path) -> TestClient:
    return make(knowledge=str(shop_folder), token=TOKEN)


def test_reload_needs_a_token_to_exist(client: TestClient) -> None:
    answer = client.post("/v1/reload")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


def test_reload_needs_the_token(shop: TestClient) -> None:
    assert shop.post("/v1/reload").status_code == 401


def test_new_knowledge_is_served_after_reload(shop: TestClient, shop_folder: Path) -> None:
    before = shop.get("/version").json()["knowledge_version"]
    write_shop(shop_folder, "Il est du jour.")
    done = shop.post("/v1/reload", headers=BEARER).json()
    assert done["changed"]
    assert done["knowledge_version"] != before
    assert answer_of(shop) == "Il est du jour."


def test_unchanged_knowledge_is_no_change(shop: TestClient) -> None:
    assert shop.post("/v1/reload", headers=BEARER).json()["changed"] is False


def test_broken_knowledge_keeps_the_old_and_says_so(
    shop: TestClient, shop_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    before = shop.get("/version").json()["knowledge_version"]
    (shop_folder / "intents" / "pain_frais.yaml").write_text("formulations: oui\n", "utf-8")
    refused = shop.post("/v1/reload", headers=BEARER)
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "knowledge_invalid"
    assert refused.json()["error"]["details"][0]["where"].startswith("intents/pain_frais.yaml:")
    assert "intents/pain_frais.yaml:" in caplog.text
    assert answer_of(shop) == "Il sort du four."
    assert shop.get("/version").json() | {"version": ""} == {
        "version": "", "knowledge_version": before, "reload_faults": len(refused.json()["error"]["details"]),
    }  # fmt: skip


def test_mended_knowledge_is_served_again(shop: TestClient, shop_folder: Path) -> None:
    (shop_folder / "faq.yaml").unlink()
    assert shop.post("/v1/reload", headers=BEARER).status_code == 422
    write_shop(shop_folder, "Il est du jour.")
    assert shop.post("/v1/reload", headers=BEARER).json()["changed"]
    assert shop.get("/version").json()["reload_faults"] == 0


def test_what_was_remembered_of_the_old_knowledge_is_forgotten(shop: TestClient, shop_folder: Path) -> None:
    ask = {"text": "votre pain est-il frais"}
    first = shop.post("/v1/match", json=ask, headers=BEARER).json()
    write_shop(shop_folder, "Il est du jour.")
    version = shop.post("/v1/reload", headers=BEARER).json()["knowledge_version"]
    second = shop.post("/v1/match", json=ask, headers=BEARER).json()
    assert second["knowledge_version"] == version != first["knowledge_version"]


def eventually(is_so: Callable[[], Any], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.05)
    return False


def test_watched_files_are_read_again_when_they_change(make: Make, shop_folder: Path) -> None:
    client = make(knowledge=str(shop_folder), watch=True)
    write_shop(shop_folder, "Il est du jour.")
    assert eventually(lambda: answer_of(client) == "Il est du jour.")


def test_the_watch_survives_a_broken_file(make: Make, shop_folder: Path) -> None:
    client = make(knowledge=str(shop_folder), watch=True)
    (shop_folder / "faq.yaml").write_text("boutique: [", "utf-8")
    assert eventually(lambda: client.get("/version").json()["reload_faults"] > 0)
    write_shop(shop_folder, "Il est du jour.")
    assert eventually(lambda: answer_of(client) == "Il est du jour.")


def test_a_reload_of_one_worker_reaches_the_others(make: Make, shop_folder: Path, tmp_path: Path) -> None:
    stamp = tmp_path / "stamp"
    stamp.touch()
    one, other = (make(knowledge=str(shop_folder), token=TOKEN, stamp=str(stamp)) for _ in range(2))
    write_shop(shop_folder, "Il est du jour.")
    assert one.post("/v1/reload", headers=BEARER).json()["changed"]
    assert eventually(lambda: answer_of(other) == "Il est du jour.")


def test_the_faults_of_a_reload_reach_the_other_workers(make: Make, shop_folder: Path, tmp_path: Path) -> None:
    stamp = tmp_path / "stamp"
    stamp.touch()
    one, other = (make(knowledge=str(shop_folder), token=TOKEN, stamp=str(stamp)) for _ in range(2))
    faq = (shop_folder / "faq.yaml").read_bytes()
    (shop_folder / "faq.yaml").write_text("boutique: [", "utf-8")
    assert one.post("/v1/reload", headers=BEARER).status_code == 422
    assert eventually(lambda: other.get("/version").json()["reload_faults"] > 0)
    (shop_folder / "faq.yaml").write_bytes(faq)
    assert one.post("/v1/reload", headers=BEARER).status_code == 200
    assert eventually(lambda: other.get("/version").json()["reload_faults"] == 0)
