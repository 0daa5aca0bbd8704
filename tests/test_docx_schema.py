"""Word files as Word insists on them: children in the schema's order, ids told apart, no part or target missing.

Word calls a file broken, or repairs it, where LibreOffice forgives; the sequences are those of ECMA-376, part 1.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from lxml import etree

import papers
from quizgen.paper import Paper, Printable, Printing
from quizgen.richtext.tree import Image, MathBlock, Width
from quizgen.templates import shipped
from quizgen.writers.docx import TEMPLATES
from word import M, W, documents

NAMESPACES = {
    "w": W,
    "m": M,
    "wp": "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}",
    "r": "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
}
R = NAMESPACES["r"]
LETTERS = """
rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish
webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang
eastAsianLayout specVanish oMath
"""
SHAPE = """
pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid
spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl
divId cnfStyle rPr sectPr pPrChange
"""
SIDES = "top left start bottom right end insideH insideV tl2br tr2bl"
SEQUENCES = {
    "w:rPr": LETTERS,
    "w:pPr": SHAPE,
    "w:numPr": "ilvl numId",
    "w:pBdr": "top left bottom right between bar",
    "w:tblPr": """tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing
        tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription""",
    "w:tcPr": """cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign
        hideMark""",
    "w:tblBorders": SIDES,
    "w:tcBorders": SIDES,
    "w:tblCellMar": SIDES,
    "w:tcMar": SIDES,
    "w:tbl": "bookmarkStart bookmarkEnd tblPr tblGrid tr",
    "w:tr": "tblPrEx trPr tc",
    "w:sectPr": """headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType
        pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings""",
    "w:style": """name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat
        locked personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr""",
    "w:tblStylePr": "pPr rPr tblPr trPr tcPr",
    "w:styles": "docDefaults latentStyles style",
    "w:docDefaults": "rPrDefault pPrDefault",
    "w:numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
    "w:abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "w:num": "abstractNumId lvlOverride",
    "w:lvlOverride": "startOverride lvl",
    "w:lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    "w:ruby": "rubyPr rt rubyBase",
    "w:rubyPr": "rubyAlign hps hpsRaise hpsBaseText lid dirty",
    "w:settings": """writeProtection view zoom removePersonalInformation removeDateAndTime doNotDisplayPageBoundaries
        displayBackgroundShape printPostScriptOverText printFractionalCharacterWidth printFormsData embedTrueTypeFonts
        embedSystemFonts saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges bordersDoNotSurroundHeader
        bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors hideGrammaticalErrors activeWritingStyle proofState
        formsDesign attachedTemplate linkStyles stylePaneFormatFilter stylePaneSortMethod documentType mailMerge
        revisionView trackRevisions doNotTrackMoves doNotTrackFormatting documentProtection autoFormatOverride
        styleLockTheme styleLockQFSet defaultTabStop autoHyphenation consecutiveHyphenLimit hyphenationZone
        doNotHyphenateCaps showEnvelope summaryLength clickAndTypeStyle defaultTableStyle evenAndOddHeaders
        bookFoldRevPrinting bookFoldPrinting bookFoldPrintingSheets drawingGridHorizontalSpacing
        drawingGridVerticalSpacing displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery
        doNotUseMarginsForDrawingGridOrigin drawingGridHorizontalOrigin drawingGridVerticalOrigin doNotShadeFormData
        noPunctuationKerning characterSpacingControl printTwoOnOne strictFirstAndLastChars noLineBreaksAfter
        noLineBreaksBefore savePreviewPicture doNotValidateAgainstSchema saveInvalidXml ignoreMixedContent
        alwaysShowPlaceholderText doNotDemarcateInvalidXml saveXmlDataOnly useXSLTWhenSaving saveThroughXslt
        showXMLTags alwaysMergeEmptyNamespace updateFields hdrShapeDefaults footnotePr endnotePr compat docVars rsids
        mathPr attachedSchema themeFontLang clrSchemeMapping doNotIncludeSubdocsInStats doNotAutoCompressPictures
        forceUpgrade captions readModeInkLockDown smartTagType schemaLibrary shapeDefaults doNotEmbedSmartTags
        decimalSymbol listSeparator""",
    "wp:inline": "extent effectExtent docPr cNvGraphicFramePr graphic",
    "m:f": "fPr num den",
    "m:fPr": "type ctrlPr",
    "m:rad": "radPr deg e",
    "m:radPr": "degHide ctrlPr",
    "m:nary": "naryPr sub sup e",
    "m:naryPr": "chr limLoc grow subHide supHide ctrlPr",
    "m:d": "dPr e",
    "m:dPr": "begChr sepChr endChr grow shp ctrlPr",
    "m:sSub": "sSubPr e sub",
    "m:sSup": "sSupPr e sup",
    "m:sSubSup": "sSubSupPr e sub sup",
    "m:sPre": "sPrePr sub sup e",
    "m:limLow": "limLowPr e lim",
    "m:limUpp": "limUppPr e lim",
    "m:func": "funcPr fName e",
    "m:acc": "accPr e",
    "m:accPr": "chr ctrlPr",
    "m:bar": "barPr e",
    "m:barPr": "pos ctrlPr",
    "m:groupChr": "groupChrPr e",
    "m:groupChrPr": "chr pos vertJc ctrlPr",
    "m:borderBox": "borderBoxPr e",
    "m:borderBoxPr": "hideTop hideBot hideLeft hideRight strikeH strikeV strikeBLTR strikeTLBR ctrlPr",
    "m:phant": "phantPr e",
    "m:phantPr": "show zeroWid zeroAsc zeroDesc transp ctrlPr",
    "m:m": "mPr mr",
    "m:mPr": "baseJc plcHide rSpRule cGpRule rSp cSp cGp mcs ctrlPr",
    "m:mcPr": "count mcJc",
    "m:rPr": "lit nor scr sty brk aln",
    "m:r": "rPr t",
}
MIXED = {"w:sectPr": {"headerReference", "footerReference"}}  # of these, the schema leaves the order open
ONCE_FIRST = {"w:p": "pPr", "w:r": "rPr", "w:tc": "tcPr"}
WHOLE = ("w:sz", "w:szCs", "w:tcW", "w:tblW", "w:gridCol", "w:trHeight", "w:pgSz", "w:pgMar", "w:ind", "w:spacing")
MEASURES = {"val", "w", "h", "top", "left", "right", "bottom", "before", "after", "line", "hanging", "firstLine"}
FORMULAS = (
    r"\frac{a}{2} \sqrt[3]{y} \sum_{i=1}^{n} i^2 \left(\frac{1}{2}\right)^n \lim_{n \to \infty} a_n \hat{x}",
    r"\overline{ab} \underbrace{a}_{n} \overset{f}{x} \binom{n}{k} x_1^2 \boxed{x} \cancel{y} \phantom{c} \int_0^1 x",
    r"\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases} \mathbf{v} \text{ if } {}^{14}C \xrightarrow[g]{f}",
)


def rich(language: str) -> Paper:
    """A paper with tables, lists, code, ruby, pictures, figures, formulas and every kind of response."""
    kinds = papers.every_kind(language)
    usual = papers.japanese() if language == "ja" else papers.english()
    figure = Image(papers.DRAWING.name, "a circle", Width(30, "mm"), caption=papers.cell("round"), label="図1")
    side = tuple(papers.text(Image(papers.PHOTO.name, "a photo", Width(60, "%"))) for _ in range(3))
    choice = replace(papers.plain_choice(1, 3), columns=2)
    choice = replace(choice, options=tuple(replace(o, text=t) for o, t in zip(choice.options, side, strict=False)))
    asked = papers.question(1, choice)
    asked = replace(asked, text=(papers.paragraph(figure), *(MathBlock(latex) for latex in FORMULAS)))
    sections = (*usual.sections, *kinds.sections, *papers.paper(asked).sections)
    return replace(usual, sections=counted(sections), pictures=papers.PICTURES, student=papers.STUDENT)


def counted(sections: tuple) -> tuple:
    number = iter(range(1, 1000))
    return tuple(
        replace(
            section,
            number=at,
            groups=tuple(
                replace(group, questions=tuple(replace(q, number=next(number)) for q in group.questions))
                for group in section.groups
            ),
        )
        for at, section in enumerate(sections, 1)
    )


LOOKS = {
    "marks": Printing(sections="right", working=2, back_cover=True, person=("class", "seat", "number", "name")),
    "booklet": Printing(cover=False, answers="booklet", answer_numbers=False, size="B5", person=("name",)),
    "boxes": Printing(answers="boxes", answer_numbers=False, size="Letter", sections="page"),
}
PRINTABLES: dict[str, Printable] = {
    **{f"{lang} {look}": replace(rich(lang), printing=said) for lang in ("ja", "en") for look, said in LOOKS.items()},
    "assignments": papers.worksheet("ja"),
}


@pytest.fixture(scope="module", params=PRINTABLES)
def files(request: pytest.FixtureRequest) -> dict[str, bytes]:
    return documents(PRINTABLES[request.param])


@pytest.fixture(scope="module")
def templates() -> dict[str, bytes]:
    return {name: (shipped() / name).read_bytes() for name in TEMPLATES}


def faults(files: dict[str, bytes], check) -> list[str]:
    return [f"{name}: {fault}" for name, data in files.items() for fault in check(Package(data))]


class Package:
    """A Word file's parts, those of XML parsed."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            self.names = archive.namelist()
            self.parts = {
                name: etree.fromstring(archive.read(name)) for name in self.names if name.endswith((".xml", ".rels"))
            }

    def targets(self, part: str) -> dict[str, tuple[str, bool]]:
        """The relationships of a part: each with its target, and whether that is outside."""
        folder, name = posixpath.split(part)
        rels = self.parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for child in rels if rels is not None else ():
            outside = child.get("TargetMode") == "External"
            target = (
                child.get("Target") if outside else posixpath.normpath(posixpath.join("/", folder, child.get("Target")))
            )
            found[child.get("Id")] = (target, outside)
        return found


def qualified(tag: str) -> str:
    prefix, _, local = tag.partition(":")
    return f"{NAMESPACES[prefix]}{local}"


def misplaced(package: Package) -> Iterator[str]:
    for name, root in package.parts.items():
        for tag, sequence in SEQUENCES.items():
            order = sequence.split()
            for found in root.iter(qualified(tag)):
                # LibreOffice and Word add elements of namespaces of their own, which every reader may leave out.
                own = [child for child in found if child.tag.startswith((W, M, NAMESPACES["wp"])) or tag == "wp:inline"]
                locals_ = [etree.QName(child).localname for child in own]
                if unknown := set(locals_) - set(order):
                    yield f"{name}: {tag} holds {unknown}"
                    continue
                places = [0 if local in MIXED.get(tag, ()) else order.index(local) for local in locals_]
                if places != sorted(places):
                    yield f"{name}: {tag} has {locals_}"


def late(package: Package) -> Iterator[str]:
    for name, root in package.parts.items():
        for tag, first in ONCE_FIRST.items():
            for found in root.iter(qualified(tag)):
                if any(etree.QName(child).localname == first for child in found[1:]):
                    yield f"{name}: {first} is not the first of {tag}"


def misshapen_tables(package: Package) -> Iterator[str]:
    for name, root in package.parts.items():
        for table in root.iter(f"{W}tbl"):
            columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
            table_rows = table.findall(f"{W}tr")
            if not table_rows:
                yield f"{name}: a table without rows"
            for row in table_rows:
                spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc")]
                width = sum(1 if span is None else int(span.get(f"{W}val")) for span in spans)
                if width != columns:
                    yield f"{name}: a row of {width} in a table of {columns}"
        for cell in root.iter(f"{W}tc"):
            if cell[-1].tag != f"{W}p":
                yield f"{name}: a cell that ends with {cell[-1].tag}"


def fractions_of_twips(package: Package) -> Iterator[str]:
    for name, root in package.parts.items():
        for found in root.iter(*map(qualified, WHOLE)):
            said = [value for key, value in found.attrib.items() if etree.QName(key).localname in MEASURES]
            yield from (f"{name}: {found.tag} of {value}" for value in said if not value.lstrip("-").isdigit())


def doubled_ids(package: Package) -> Iterator[str]:
    document = package.parts["word/document.xml"]
    drawings = [found.get("id") for found in document.iter(f"{NAMESPACES['wp']}docPr")]
    bookmarks = [found.get(f"{W}id") for found in document.iter(f"{W}bookmarkStart")]
    named = [found.get(f"{W}name") for found in document.iter(f"{W}bookmarkStart")]
    numbering = package.parts["word/numbering.xml"]
    lists = [found.get(f"{W}numId") for found in numbering.iter(f"{W}num")]
    shapes = [found.get(f"{W}abstractNumId") for found in numbering.iter(f"{W}abstractNum")]
    styles = [found.get(f"{W}styleId") for found in package.parts["word/styles.xml"].iter(f"{W}style")]
    for ids in (drawings, bookmarks, named, lists, shapes, styles):
        yield from (f"{id_} {count} times" for id_, count in Counter(ids).items() if count > 1)
    if sorted(bookmarks) != sorted(found.get(f"{W}id") for found in document.iter(f"{W}bookmarkEnd")):
        yield "a bookmark that does not end"


def lost_references(package: Package) -> Iterator[str]:
    styles = {
        found.get(f"{W}styleId"): found.get(f"{W}type") for found in package.parts["word/styles.xml"].iter(f"{W}style")
    }
    kinds = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table", "basedOn": None, "next": None}
    lists = {found.get(f"{W}numId") for found in package.parts["word/numbering.xml"].iter(f"{W}num")} | {"0"}
    for name, root in package.parts.items():
        for tag, kind in kinds.items():
            for said in {found.get(f"{W}val") for found in root.iter(f"{W}{tag}")}:
                if said not in styles or kind not in {None, styles[said]}:
                    yield f"{name}: there is no {kind} style {said}"
        used = {found.get(f"{W}val") for found in root.iter(f"{W}numId")}
        yield from (f"{name}: there is no list {said}" for said in used - lists)


def lost_parts(package: Package) -> Iterator[str]:
    types = package.parts["[Content_Types].xml"]
    endings = {found.get("Extension") for found in types if "Extension" in found.attrib}
    overrides = {found.get("PartName") for found in types if "PartName" in found.attrib}
    for name in package.names:
        if name != "[Content_Types].xml" and f"/{name}" not in overrides and name.rpartition(".")[2] not in endings:
            yield f"{name} is of no type"
    yield from (f"{name} is not there" for name in overrides if name.removeprefix("/") not in package.names)
    for name, root in package.parts.items():
        targets = package.targets(name)
        for target, outside in targets.values():
            if not outside and target.removeprefix("/") not in package.names:
                yield f"{name} leads to {target}, which is not there"
        used = {said for found in root.iter() for key, said in found.attrib.items() if key.startswith(R)}
        yield from (f"{name}: there is no relationship {said}" for said in used - targets.keys())


def left_over_marks(package: Package) -> Iterator[str]:
    for name, root in package.parts.items():
        if any("quizgen:" in str(found.tag) for found in root.iter(etree.Element)):
            yield f"{name} has a mark in it"


CHECKS = (
    *(misplaced, late, misshapen_tables, fractions_of_twips, doubled_ids, lost_references, lost_parts),
    left_over_marks,
)


@pytest.mark.parametrize("check", CHECKS)
def test_word_finds_nothing_to_repair(files, check):
    assert faults(files, check) == []


@pytest.mark.parametrize("check", CHECKS)
def test_word_opens_the_templates_too(templates, check):
    assert faults(templates, check) == []


BROKEN = {
    misplaced: ("<w:b/><w:bCs/>", "<w:bCs/><w:b/>", "word/styles.xml"),
    late: ("<w:p><w:pPr>", "<w:p><w:r/><w:pPr>", "word/document.xml"),
    misshapen_tables: ("</w:tblGrid>", '<w:gridCol w:w="9"/></w:tblGrid>', "word/document.xml"),
    fractions_of_twips: ('<w:sz w:val="21"/>', '<w:sz w:val="10.5"/>', "word/styles.xml"),
    doubled_ids: ('<w:num w:numId="2">', '<w:num w:numId="1">', "word/numbering.xml"),
    lost_references: ('<w:pStyle w:val="Title"/>', '<w:pStyle w:val="Titel"/>', "word/document.xml"),
    lost_parts: ('Target="header1.xml"', 'Target="header9.xml"', "word/_rels/document.xml.rels"),
    left_over_marks: ("<w:r/>", '<w:r><q:text xmlns:q="urn:quizgen:slot"/></w:r>', "word/document.xml"),
}


@pytest.mark.parametrize("check", CHECKS)
def test_the_checks_see_what_they_are_for(templates, check):
    old, new, part = BROKEN[check]
    damaged = BytesIO()
    with zipfile.ZipFile(BytesIO(templates["booklet.docx"])) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            data = source.read(name).decode()
            assert name != part or old in data
            target.writestr(name, data.replace(old, new) if name == part else data)
    assert faults({"booklet.docx": damaged.getvalue()}, check)
