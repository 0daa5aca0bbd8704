"""The exam that is measured, as other programs' users would write it: its texts, code and choices, without pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

_LABELS = "アイウエオカキクケコ"
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)(\{[^}]*\})?")
_CODE = re.compile(r"`([^`]*)`")
_TYPST = re.compile(r"[\\#$*_`<>@=~\[\]/+\-]")
_LATEX = {char: f"\\{char}" for char in "{}$&#_%"} | {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, or some lines of code."""

    text: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: what it asks, its choices, and which of them are right."""

    name: str
    text: tuple[Part, ...]
    choices: tuple[tuple[Part, ...], ...]
    right: tuple[bool, ...]


def asked(question: Mapping[str, Any]) -> Asked:
    """A question of a bank's YAML."""
    answer = question["answer"]
    right = {answer} if isinstance(answer, str) else set(answer)
    texts = [choice if isinstance(choice, str) else choice["text"] for choice in question["choices"].values()]
    return Asked(
        question["id"],
        tuple(_parts(question["text"])),
        tuple(tuple(_parts(text)) for text in texts),
        tuple(label in right for label in question["choices"]),
    )


def _parts(markdown: str) -> Iterator[Part]:
    """Code and tables keep their lines; all else is paragraphs."""
    for number, text in enumerate(re.split(r"^```.*\n?", markdown, flags=re.MULTILINE)):
        if number % 2:
            yield Part(text.rstrip("\n"), is_code=True)
            continue
        for block in re.split(r"\n\s*\n", _IMAGE.sub("", text).replace("**", "")):
            if block.strip():
                yield Part(block.strip(), is_code=block.lstrip().startswith("|"))


def in_order(questions: Sequence[Asked], paper: int) -> list[Asked]:
    """The questions in a paper's order, as are the choices of each."""

    def key(*names: object) -> bytes:
        return sha256(repr((paper, names)).encode()).digest()

    found = []
    for one in sorted(questions, key=lambda one: key(one.name)):
        order = sorted(range(len(one.choices)), key=lambda place: key(one.name, place))
        choices, right = zip(*((one.choices[place], one.right[place]) for place in order), strict=True)
        found.append(Asked(one.name, one.text, choices, right))
    return found


def typst(questions: Sequence[Asked], paper: int) -> str:
    """A paper for Typst: a cover, the questions, and a mark sheet."""
    rows = [f"[{number}], {_bubbles(len(one.choices))}" for number, one in enumerate(questions, start=1)]
    return "".join(
        [
            '#set page(paper: "a4", margin: 20mm, numbering: "1 / 1")\n',
            '#set text(lang: "ja", size: 10.5pt, font: ("BIZ UDPGothic", "Noto Sans CJK JP", "Noto Serif CJK JP"))\n',
            '#set enum(numbering: "ア")\n#show raw.where(block: true): block.with(fill: luma(245), inset: 6pt)\n',
            f"#align(center)[#text(24pt)[期末試験]]\n\n受験番号 26{paper:06}\n\n#pagebreak()\n",
            *(_typst_question(number, one) for number, one in enumerate(questions, start=1)),
            "#pagebreak()\n#columns(2)[\n#table(columns: 7, stroke: none,\n",
            ",\n".join(rows),
            ")\n]\n",
        ]
    )


def _bubbles(choices: int) -> str:
    circles = [f"circle(radius: 6pt, stroke: .4pt)[#set align(center + horizon); {label}]" for label in _LABELS[:6]]
    return ", ".join([*circles[:choices], *["[]"] * (6 - choices)][:6])


def _typst_question(number: int, question: Asked) -> str:
    choices = "".join(f"+ {_typst_parts(choice, '  ')}\n" for choice in question.choices)
    return f"#block(breakable: false)[*問{number}* {_typst_parts(question.text, '')}\n\n{choices}]\n"


def _typst_parts(parts: Sequence[Part], indent: str) -> str:
    return f"\n\n{indent}".join(
        f"#raw(block: true, {_string(part.text)})" if part.is_code else _typst_text(part.text) for part in parts
    )


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _typst_text(text: str) -> str:
    pieces = _CODE.split(" ".join(text.split("\n")))
    return "".join(
        f"#raw({_string(piece)})" if number % 2 else _TYPST.sub(r"\\\g<0>", piece)
        for number, piece in enumerate(pieces)
    )


def sweave(question: Asked) -> str:
    """A question as an exercise of R/exams, in LaTeX."""
    choices = "\n".join(f"\\item {_latex_parts(choice)}" for choice in question.choices)
    kind = "schoice" if sum(question.right) == 1 else "mchoice"
    solution = "".join("1" if right else "0" for right in question.right)
    return (
        f"\\begin{{question}}\n{_latex_parts(question.text)}\n"
        f"\\begin{{answerlist}}\n{choices}\n\\end{{answerlist}}\n\\end{{question}}\n\n"
        f"\\exname{{{question.name}}}\n\\extype{{{kind}}}\n\\exsolution{{{solution}}}\n\\exshuffle{{TRUE}}\n"
    )


def _latex_parts(parts: Sequence[Part]) -> str:
    return "\n\n".join(
        f"\\begin{{verbatim}}\n{part.text}\n\\end{{verbatim}}" if part.is_code else _latex_text(part.text)
        for part in parts
    )


def _latex_text(text: str) -> str:
    pieces = map(_in_latex, _CODE.split(text))
    escaped = "".join(f"\\texttt{{{piece}}}" if number % 2 else piece for number, piece in enumerate(pieces))
    return escaped.replace("\n", "%\n")  # no space between two lines of Japanese


def _in_latex(text: str) -> str:
    return "".join(_LATEX.get(char, char) for char in text)


# pdflatex sets Japanese in less time than the engines that load whole OpenType fonts.
LATEX_TEMPLATE = r"""
\documentclass[a4paper]{article}
\usepackage[margin=20mm]{geometry}
\usepackage[T1]{fontenc}
\usepackage{CJKutf8,comment,graphicx}
\excludecomment{solution}
\newenvironment{question}{\item}{}
\newenvironment{answerlist}{\begin{enumerate}}{\end{enumerate}}
\newenvironment{answerlist*}{\begin{enumerate}}{\end{enumerate}}
\providecommand{\tightlist}{\setlength{\itemsep}{0pt}\setlength{\parskip}{0pt}}
\begin{document}
\begin{CJK}{UTF8}{min}
\begin{center}\LARGE 期末試験\end{center}
%% \exinput{header}
\newpage
\begin{enumerate}
%% \exinput{exercises}
\end{enumerate}
\clearpage
\end{CJK}
\end{document}
"""
