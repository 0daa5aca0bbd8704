"""Small papers and worksheets made by hand, Japanese and English, with everything that a text can hold."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

from quizgen.language import DEFAULT_LABELS, GAP_LABELS, LABELS, Language
from quizgen.paper import (
    Assignment,
    Blank,
    Check,
    Choice,
    Cloze,
    Criterion,
    Gap,
    Group,
    Item,
    Lines,
    Matching,
    Option,
    Ordering,
    Paper,
    Question,
    Response,
    Section,
    Stem,
    Student,
    Worksheet,
)
from quizgen.picture import MediaType, Picture
from quizgen.richtext import tree
from quizgen.richtext.tree import (
    Blocks,
    Code,
    CodeBlock,
    CodeToken,
    Emphasis,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    List,
    Math,
    MathBlock,
    Paragraph,
    Quote,
    Ruby,
    Rule,
    Strong,
    Table,
    Text,
    Width,
)
from quizgen.scoring import Scoring


def paragraph(*parts: str | Inline) -> Paragraph:
    """A paragraph of plain pieces and inlines."""
    return Paragraph(tuple(Text(part) if isinstance(part, str) else part for part in parts))


def text(*parts: str | Inline) -> Blocks:
    """A text of one paragraph."""
    return (paragraph(*parts),)


def cell(*parts: str | Inline) -> tuple[Inline, ...]:
    """A cell of a table, or a heading's content."""
    return paragraph(*parts).content


def code(language: str, *lines: str) -> CodeBlock:
    """A block of code without colours."""
    return CodeBlock(language, tuple((CodeToken("", line),) for line in lines))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, grey: int = 160) -> Picture:
    """An evenly grey PNG picture with a dark frame."""
    edge = b"\x00" + b"\x40" * width
    row = b"\x00\x40" + bytes([grey]) * (width - 2) + b"\x40"
    pixels = zlib.compress(edge + row * (height - 2) + edge, 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    return _picture(data, "image/png", "png", width, height)


def svg(width: int, height: int) -> Picture:
    """An SVG picture of a circle."""
    data = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<circle cx="{width / 2}" cy="{height / 2}" r="{height / 2 - 2}" fill="none" stroke="black"/></svg>'
    ).encode()
    return _picture(data, "image/svg+xml", "svg", width, height)


def _picture(data: bytes, media_type: MediaType, extension: str, width: float, height: float) -> Picture:
    return Picture(f"{sha256(data).hexdigest()[:16]}.{extension}", media_type, width, height, data)


PHOTO = png(240, 120)
ICON = png(24, 24, grey=220)
DRAWING = svg(160, 90)
PICTURES = {picture.name: picture for picture in (PHOTO, ICON, DRAWING)}


def options(language: Language, right: str, texts: dict[str, Blocks]) -> tuple[Option, ...]:
    """Options labelled in the language's own style; `right` names the ids of the right ones."""
    labels = LABELS[DEFAULT_LABELS[language]]
    return tuple(
        Option(name, label, blocks, name in right) for (name, blocks), label in zip(texts.items(), labels, strict=False)
    )


def plain_choice(right: int, wrong: int, *, many: bool = True) -> Choice:
    """A choice of so many right and wrong options, the right ones first."""
    return Choice(
        tuple(
            Option(f"o{index:02}", LABELS["letters"][index % 26], text(f"option {index}"), index < right)
            for index in range(right + wrong)
        ),
        many,
    )


def question(number: int, response: Response, *, name: str = "", points: str = "1") -> Question:
    """A question with nothing but a stem and its response."""
    return Question(number, name or f"bank/q{number}", text(f"Question {number}?"), response, Decimal(points))


def paper(*questions: Question, scoring: Scoring = Scoring(), language: Language = "en") -> Paper:  # noqa: B008
    """A paper of one section with these questions."""
    section = Section(1, "", tuple(Group((q,)) for q in questions))
    return Paper("exam", "Exam", language, 1, "A", scoring, (section,))


def japanese(variant: str = "A") -> Paper:
    """A Japanese exam: ruby, code, maths, tables, pictures, a stimulus, single and multiple choice."""
    stop = Question(
        1,
        "docker/stop",
        text(
            "実行中の",
            Ruby("容器", "コンテナ"),
            "を",
            Strong(cell("停止")),
            "する命令はどれか。ただし名前は ",
            Code("web"),
            " とする。",
        ),
        Choice(
            (
                *options(
                    "ja",
                    "b",
                    {
                        "a": text(Code("docker rm web")),
                        "b": text(Code("docker stop web")),
                        "c": text(Code("docker pause web"), "(一時停止)"),
                    },
                ),
                Option("d", "エ", text("いずれでもない"), right=False, feedback=text("bが正しい。")),
            ),
            many=False,
        ),
        Decimal(2),
        explanation=text(Code("stop"), " はSIGTERMを送り、10秒待ってからSIGKILLを送る。"),
        difficulty="easy",
        tags=("lifecycle", "コマンド"),
    )
    layers = Question(
        2,
        "docker/layers",
        (
            paragraph("次のDockerfileについて、正しいものを", Strong(cell("すべて")), "選べ。"),
            code(
                "dockerfile",
                "FROM python:3.12-slim",
                "COPY . /app  # O(n)",
                'RUN test 1 -lt 2 && echo "a]]>b"',
                "",
                "    # http://localhost:8080/",
            ),
        ),
        Choice(
            options(
                "ja",
                "ad",
                {
                    "a": text("命令ごとに層が積み重なる。"),
                    "b": text("層は実行時に書き換えられる。"),
                    "c": text("計算量は ", Math("O(n^2)"), " であり、", Math("a<b"), " ならば短い。"),
                    "d": (code("", "if a < b:", "    print('<b>')"),),
                    "e": text(Image(ICON.name, "灰色の四角 (y)"), " の印が付く。"),
                },
            ),
            many=True,
        ),
        Decimal(4),
        explanation=(
            paragraph("層は読み取り専用である。"),
            Table(
                ("left", "right"),
                (cell("層"), cell("大きさ")),
                ((cell("基盤"), cell("120 MB")), (cell(Code("COPY")), cell("3 MB"))),
            ),
        ),
        difficulty="normal",
        tags=("image",),
    )
    stimulus: Blocks = (
        paragraph("次の図と表は、あるクラスタの構成を示す。", Image(PHOTO.name, "構成図", Width(60, "mm"))),
        Table(
            ("left", "center", "right"),
            (cell("ノード"), cell("役割"), cell("CPU")),
            ((cell("n1"), cell("制御"), cell("2")), (cell("n2"), cell("作業"), cell("8"))),
        ),
        List((text("各ノードは ", Emphasis(cell("同じ網")), " にある。"), text("時刻は同期している。"))),
    )
    cpus = Question(
        3,
        "k8s/cpus",
        (paragraph("作業ノードのCPUの数 ", Math("n"), " を求めよ。"), MathBlock(r"n = \sum_{i=1}^{2} c_i")),
        Choice(options("ja", "c", {"a": text("2"), "b": text("4"), "c": text("8")}), many=False),
        Decimal(3),
        tags=("network",),
    )
    roles = Question(
        4,
        "k8s/roles",
        text("図から読み取れることを二つ選べ(順不同)。関数 f(y) と ( ) は無関係である :-)"),
        Choice(
            options(
                "ja",
                "ac",
                {"a": text("n1は制御を担う。"), "b": text("n2は制御を担う。"), "c": text("n2は作業を担う。")},
            ),
            many=True,
        ),
        Decimal("3.5"),
        difficulty="hard",
    )
    return Paper(
        "final",
        "コンテナ技術 期末試験",
        "ja",
        2026,
        variant,
        Scoring("net-correct"),
        (
            Section(1, "第1問", (Group((stop,)), Group((layers,))), text("次の各問に答えよ。")),
            Section(2, "第2問", (Group((cpus, roles), stimulus),)),
        ),
        course="コンテナ技術",
        date="2026年7月30日",
        duration=50,
        instructions=(List((text("持ち込みは認めない。"), text("解答用紙に記入すること。")), start=1),),
        pictures=PICTURES,
    )


def english(variant: str = "A") -> Paper:
    """An English exam with the same kinds of content, scored by all-or-nothing and a penalty for guessing."""
    logs = Question(
        1,
        "docker/logs",
        text("Which command shows what the container ", Code("web"), " has printed so far?"),
        Choice(
            options(
                "en",
                "a",
                {
                    "a": text(Code("docker logs web")),
                    "b": text(Code("docker top web")),
                    "c": text(Code("docker cat web")),
                },
            ),
            many=False,
        ),
        Decimal(2),
        explanation=text("See ", Link("https://example.org/Logs_(y)?a=1&b=2", cell("the manual")), "."),
        difficulty="easy",
        tags=("lifecycle",),
    )
    loop = Question(
        2,
        "python/loop",
        (
            Heading(3, cell("A loop")),
            paragraph("Read the program; which statements are ", Emphasis(cell("true")), "?", LineBreak(), "(h)"),
            code("python", "for i in range(3):", '    print(f"{i} < {3}")'),
            Quote(text("It prints ", Ruby("番号", "ばんごう"), "; 5 $$ and 6 $$, a \\(b\\) <b>c</b> &amp; d<-).")),
            Rule(),
        ),
        Choice(
            options(
                "en",
                "ac",
                {
                    "a": text("It prints three lines."),
                    "b": text("It never ends."),
                    "c": text("It needs ", Math(r"\Theta(n)"), " steps."),
                    "d": text(Image(DRAWING.name, "a circle", Width(40, "%"))),
                },
            ),
            many=True,
        ),
        Decimal(4),
        explanation=text(Image(PHOTO.name, "the output")),
        difficulty="hard",
        tags=("python", "loops"),
    )
    return Paper(
        "midterm",
        "Containers / Midterm",
        "en",
        7,
        variant,
        Scoring("all-or-nothing", penalty=Fraction(1, 4)),
        (Section(1, "Part 1", (Group((logs,)), Group((loop,)))),),
        duration=30,
        instructions=text("Answer every question."),
        pictures=PICTURES,
    )


def matching(language: Language, pairs: dict[str, Blocks], sides: tuple[Blocks, ...]) -> Matching:
    """Stems with the sides that belong to them, the sides printed in the order given."""
    labels = LABELS[DEFAULT_LABELS[language]]
    right = tuple(pairs.values())
    options = tuple(
        Option(f"side{at}", label, side, side in right)
        for at, (label, side) in enumerate(zip(labels, sides, strict=False))
    )
    stems = tuple(
        Stem(number, text(left), options[sides.index(side)].label)
        for number, (left, side) in zip(GAP_LABELS, pairs.items(), strict=False)
    )
    return Matching(stems, options)


def ordering(language: Language, *places: tuple[Blocks, int]) -> Ordering:
    """Items with their places, printed in the order given."""
    labels = LABELS[DEFAULT_LABELS[language]]
    return Ordering(tuple(Item(label, *item) for label, item in zip(labels, places, strict=False)))


def every_kind(language: Language = "ja", variant: str = "A") -> Paper:
    """An exam with a question of every response kind: choice, blanks, matching, ordering, lines, cloze."""
    return _japanese_kinds(variant) if language == "ja" else _english_kinds(variant)


def _japanese_kinds(variant: str) -> Paper:
    pod, node, service = text("最小の実行単位"), text(Strong(cell("資源")), "を与えるもの"), text("宛先を束ねるもの")
    sides = (service, text("クラスターを束ねるもの"), node, pod)
    pairs = matching("ja", {"Pod": pod, "Node": node, "Service": service}, sides)
    steps = ordering(
        "ja", (text(Code("docker push")), 2), (text(Code("docker build")), 1), (text(Code("docker run")), 3)
    )
    truth = {"a": text("正しい"), "b": text("正しくない")}
    stores = {"a": text("kubelet"), "b": text("etcd"), "c": text("CoreDNS")}
    gaps = Cloze(
        (
            Gap("(1)", Blank(("kube-scheduler", "スケジューラー"))),
            Gap("(2)", Choice(options("ja", "b", stores), many=False)),
            Gap("(3)", Blank(("6443",), tolerance=Decimal("0.5"))),
        )
    )
    filled = (
        paragraph(
            *("Podの配置先は", tree.Gap("(1)"), "が決め、状態は", Strong((tree.Gap("(2)"),)), "に保存される。"),
            *("既定のポートは", tree.Gap("(3)"), "番である。"),
        ),
        code("bash", "kubectl get pods"),
    )
    return _kinds(
        Paper("kinds", "全形式の試験", "ja", 3, variant, Scoring("each-choice"), ()),
        (text("Podは複数のコンテナを持てる。"), Choice(options("ja", "a", truth), many=False), "1"),
        (text("操作する命令は何か。"), Blank(("kubectl", "kubectlコマンド"), match_case=True), "2"),
        (text(Code("200m"), " は何CPUか。"), Blank(("0.2",), tolerance=Decimal("0.001"), unit="CPU"), "2"),
        (text("用語と説明を組み合わせよ。"), pairs, "3"),
        (text("古い順に並べよ。"), steps, "3"),
        (text("宣言型の利点を述べよ。"), Lines(6), "5"),
        (filled, gaps, "3"),
    )


def _english_kinds(variant: str) -> Paper:
    pod, node, service = text("the smallest thing that runs"), text("what gives resources"), text("a stable address")
    sides = (node, pod, text("what gathers several clusters of a company into a single one"), service)
    pairs = matching("en", {"Pod": pod, "Node": node, "Service": service}, sides)
    steps = ordering("en", (text("It ends."), 3), (text("It starts."), 1), (text("It runs."), 2))
    listed = {"a": text("It waits."), "b": text("It sends SIGTERM."), "c": text("It asks."), "d": text("It kills.")}
    stores = {"a": text("kubelet"), "b": text("CoreDNS"), "c": text("etcd")}
    gaps = Cloze(
        (
            Gap("(1)", Choice(options("en", "c", stores), many=False)),
            Gap("(2)", Blank(("scheduler", "kube-scheduler"))),
        )
    )
    filled = text("State is kept in ", tree.Gap("(1)"), "; Pods are placed by the ", tree.Gap("(2)"), ".")
    return _kinds(
        Paper("kinds", "Every kind", "en", 3, variant, Scoring("net-correct", penalty=Fraction(1, 4)), ()),
        (text("What does ", Code("docker stop"), " do?"), Choice(options("en", "bd", listed), many=True), "2"),
        (text("Name what places Pods."), Blank(("kube-scheduler",)), "1"),
        (text("How long is a brick?"), Blank(("240",), tolerance=Decimal(10), unit="mm"), "2"),
        (text("Put together what belongs together."), pairs, "3"),
        (text("Put in order."), steps, "3"),
        (text("Say why declaring beats commanding."), Lines(4), "5"),
        (filled, gaps, "2.5"),
    )


def _kinds(bare: Paper, *rows: tuple[Blocks, Response, str]) -> Paper:
    groups = tuple(
        Group(
            (
                Question(
                    *(number, f"kinds/q{number}", content, response, Decimal(points)),
                    explanation=text(f"解説 {number}"),
                    difficulty="normal",
                    tags=("kinds",),
                ),
            )
        )
        for number, (content, response, points) in enumerate(rows, 1)
    )
    return replace(bare, sections=(Section(1, "", groups),))


def shuffled(paper: Paper, variant: str) -> Paper:
    """The paper's sibling: another variant with every question's options turned round and labelled anew."""
    sections = tuple(
        replace(
            section,
            groups=tuple(
                replace(group, questions=tuple(_turned(q) for q in group.questions)) for group in section.groups
            ),
        )
        for section in paper.sections
    )
    return replace(paper, variant=variant, sections=sections)


def _turned(question: Question) -> Question:
    old = question.response.options
    new = tuple(replace(o, label=at.label) for o, at in zip(reversed(old), old, strict=True))
    return replace(question, response=replace(question.response, options=new))


STUDENT = Student("s001", "山田 花子", (("座席", "A-1"),))


def worksheet(language: Language = "ja", student: Student | None = None) -> Worksheet:
    """A worksheet of two assignments, one with all that an assignment can have and one with the least."""
    return _japanese_worksheet(student) if language == "ja" else _english_worksheet(student)


def _japanese_worksheet(student: Student | None) -> Worksheet:
    nginx = Assignment(
        1,
        "labs/nginx",
        "nginxを8081番で動かす",
        Decimal(20),
        goal=text("ポート ", Code("8081"), " で応答するコンテナを作る。"),
        prerequisites=(text("Dockerが動くこと"), text("curlがあること")),
        steps=(
            List(
                (
                    text("イメージを取得する。"),
                    (paragraph("起動する。"), code("bash", "docker run -d -p 8081:80 nginx:1.27")),
                ),
                start=1,
            ),
            paragraph(Image(PHOTO.name, "完成の様子")),
        ),
        submit=text("実行した命令と出力の写し"),
        checks=(Check("curl -sI localhost:8081", "HTTP/1.1 200 OK"),),
        rubric=(
            Criterion("応答する", (("不可", Decimal(0)), ("可", Decimal(5)), ("良", Decimal(10)))),
            Criterion("説明が正しい", (("不可", Decimal(0)), ("良", Decimal(10)))),
        ),
        minutes=30,
        cost=text("無料"),
        cleanup=(code("bash", "docker rm -f web"),),
        solution=(code("bash", "docker run -d --name web -p 8081:80 nginx:1.27"),),
        parameters=(("port", "8081"),),
    )
    least = Assignment(2, "labs/least", "感想", Decimal("2.5"), goal=text("学んだことを一つ書け。"))
    return Worksheet(
        "container-labs",
        "演習課題",
        "ja",
        2026,
        "A",
        (nginx, least),
        student=student,
        course="コンテナ技術",
        text=text("期限までに提出すること。"),
        pictures=PICTURES,
    )


def _english_worksheet(student: Student | None) -> Worksheet:
    nginx = Assignment(
        1,
        "labs/nginx",
        "Serve a page on 8082",
        Decimal(20),
        goal=text("A container answers on port ", Code("8082"), "."),
        prerequisites=(text("Docker runs"),),
        steps=text("Start the container."),
        submit=text("The commands and what they printed."),
        checks=(Check("curl -sI localhost:8082", "HTTP/1.1 200 OK"), Check("docker ps", "")),
        rubric=(Criterion("It answers", (("no", Decimal(0)), ("yes", Decimal(20)))),),
        minutes=30,
        cleanup=text(Code("docker rm -f web")),
        solution=text(Code("docker run -d -p 8082:80 nginx")),
        parameters=(("port", "8082"),),
    )
    return Worksheet("labs", "Labs", "en", 7, "A", (nginx,), student=student, pictures=PICTURES)
