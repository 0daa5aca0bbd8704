"""The paper as data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

import papers
from conftest import Golden
from papers import paper, plain_choice, question
from quizgen.paper import Printable
from quizgen.templates import Templates
from quizgen.writers import json as writer


def written(printable: Printable) -> tuple[str, bytes]:
    (file,) = writer.write([printable], Templates())
    return str(file.path), file.data


def read(printable: Printable) -> Any:
    return json.loads(written(printable)[1])


def objects(data: Any) -> Iterator[dict[str, Any]]:
    """Every object that stands in a list or is a value; the mapping of pictures is none."""
    if isinstance(data, dict):
        yield data
        for name, value in data.items():
            yield from objects(list(value.values()) if name == "pictures" else value)
    elif isinstance(data, list):
        for item in data:
            yield from objects(item)


SAMPLES = [papers.japanese(), papers.english(), papers.every_kind("ja"), papers.worksheet("ja", papers.STUDENT)]


@pytest.mark.parametrize("printable", SAMPLES)
def test_the_data_are_the_accepted_ones(printable: Printable, golden: Golden) -> None:
    golden(f"json/{printable.id}.json", written(printable)[1].decode())


@pytest.mark.parametrize("printable", SAMPLES)
def test_every_object_says_what_it_is(printable: Printable) -> None:
    assert [data for data in objects(read(printable)) if "type" not in data] == []


def test_it_lies_with_the_teachers_papers() -> None:
    assert written(papers.japanese())[0] == "teacher/A/paper.json"
    assert written(papers.worksheet("en", papers.STUDENT))[0] == "teacher/s001/paper.json"


def test_keys_are_sorted_and_the_last_line_ends() -> None:
    data = written(papers.japanese())[1].decode()
    assert data == json.dumps(json.loads(data), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def test_the_key_is_in_it() -> None:
    (choice, *_) = (data for data in objects(read(papers.english())) if data["type"] == "choice")
    assert [(option["id"], option["label"], option["right"]) for option in choice["options"]] == [
        ("a", "A", True),
        ("b", "B", False),
        ("c", "C", False),
    ]


def test_every_kind_says_which_it_is_and_holds_its_key() -> None:
    (section,) = read(papers.every_kind("en"))["sections"]
    responses = [group["questions"][0]["response"] for group in section["groups"]]
    kinds = ["choice", "blank", "blank", "matching", "ordering", "lines", "cloze"]
    assert [response["type"] for response in responses] == kinds
    assert (responses[1]["accepted"], responses[1]["tolerance"]) == (["kube-scheduler"], None)
    assert (responses[2]["accepted"], responses[2]["tolerance"], responses[2]["unit"]) == (["240"], "10", "mm")
    assert [stem["right"] for stem in responses[3]["stems"]] == ["B", "A", "D"]
    assert [item["place"] for item in responses[4]["items"]] == [3, 1, 2]
    assert responses[5] == {"type": "lines", "count": 4}
    assert [gap["response"]["type"] for gap in responses[6]["gaps"]] == ["choice", "blank"]


@pytest.mark.parametrize(("points", "shown"), [("3.5", "3.5"), ("1E+1", "10"), ("0.10", "0.10")])
def test_points_are_exact(points: str, shown: str) -> None:
    data = read(paper(question(1, plain_choice(1, 1), points=points)))
    assert data["sections"][0]["groups"][0]["questions"][0]["points"] == shown
    assert Decimal(shown) == Decimal(points)


def test_a_penalty_is_exact() -> None:
    assert read(papers.english())["scoring"] == {"type": "scoring", "multiple": "all-or-nothing", "penalty": "1/4"}


def test_a_picture_is_named_and_measured_but_not_enclosed() -> None:
    photo = papers.PHOTO
    assert read(papers.japanese())["pictures"][photo.name] == {
        "type": "picture",
        "name": photo.name,
        "media_type": "image/png",
        "width": 240,
        "height": 120,
        "bytes": len(photo.data),
        "sha256": sha256(photo.data).hexdigest(),
    }


def test_where_a_block_stood_in_its_file_is_left_out() -> None:
    here = paper(question(1, plain_choice(1, 1)))
    moved = replace(here.questions[0], text=tuple(replace(block, line=9) for block in here.questions[0].text))
    assert written(paper(moved)) == written(here)
