"""A template as its maker saved it, made ready: tags looked through, and no trace of who changed it where and when."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from quizgen.problems import QuizgenError
from quizgen.writers.docx import tags
from quizgen.writers.docx.wordml import Element, name


def _listed(names: str) -> frozenset[str]:
    return frozenset(names.split())


_LARGEST = 64 * 1024 * 1024  # bytes of a template's parts together
_RELATIONSHIPS = ".rels"
_TEXTS = frozenset(map(name, ("w:document", "w:hdr", "w:ftr")))

# What tells of people and machines: a relationship's last word, a setting, the ids of editing sessions.
_TRACES = _listed(
    "attachedTemplate comments commentsExtended commentsExtensible commentsIds custom-properties customXml "
    "customXmlProps documenttasks glossaryDocument keyMapCustomizations mailMergeSource mailMergeHeaderSource "
    "metadata/thumbnail people printerSettings recipientData vbaProject classificationlabels"
)
_SETTINGS = _listed(
    "attachedTemplate docId docVars mailMerge proofState revisionView rsids saveThroughXslt trackRevisions"
)
_SESSION = _listed("rsidR rsidRDefault rsidRPr rsidP rsidDel rsidTr rsidSect paraId textId")

_REMOVED = _listed(
    "annotationRef commentRangeStart commentRangeEnd commentReference customXmlPr dataBinding del "
    "lastRenderedPageBreak moveFrom moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd permStart "
    "permEnd proofErr rsid smartTagPr numberingChange pPrChange rPrChange sectPrChange tblGridChange tblPrChange "
    "tblPrExChange tcPrChange trPrChange"
)
_UNWRAPPED = _listed("customXml ins moveTo smartTag")


@lru_cache(maxsize=16)
def ready(data: bytes) -> bytes:
    """A template's file, ready to be filled in.

    Raises QuizgenError when it is no Word file, or its tags cannot be run.
    """
    try:
        with ZipFile(BytesIO(data)) as source:
            if sum(part.file_size for part in source.infolist()) > _LARGEST:
                raise QuizgenError(f"this template is larger than {_LARGEST >> 20} MB")
            parts = {part: _cleaned(part, source.read(part)) for part in source.namelist()}
    except (BadZipFile, NotImplementedError, RuntimeError, etree.XMLSyntaxError) as error:
        raise not_word() from error
    made = BytesIO()
    with ZipFile(made, "w") as target:
        for part, content in parts.items():
            target.writestr(part, content)
    return made.getvalue()


def not_word() -> QuizgenError:
    """What is said of a file that is no Word document."""
    return QuizgenError("this is no Word document (.docx); save it anew from Word")


def _cleaned(part: str, content: bytes) -> bytes:
    if not part.endswith((".xml", _RELATIONSHIPS)) or part == "[Content_Types].xml":
        return content
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    if part.endswith(_RELATIONSHIPS):
        _drop(root, [found for found in root if _leads_to_traces(found)])
    elif part.startswith("word/"):
        _settle_changes(root)
        if root.tag == name("w:settings"):
            _drop(root, [found for found in root if _local(found) in _SETTINGS])
        if root.tag in _TEXTS:
            tags.check(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _leads_to_traces(relationship: Element) -> bool:
    kind = relationship.get("Type", "")
    return any(kind.endswith(f"/{trace}") for trace in _TRACES)


def _settle_changes(root: Element) -> None:
    """Take followed changes as made, and remarks and the ids of editing sessions away."""
    _drop_rows_and_paragraphs(root)
    for found in list(root.iter(etree.Element)):
        for key in [key for key in found.attrib if etree.QName(key).localname in _SESSION]:
            del found.attrib[key]
        local = _local(found) if found.tag.startswith(name("w:")) else ""
        if local in _REMOVED:
            _remove(found)
        elif local in _UNWRAPPED:
            _unwrap(found)


def _drop_rows_and_paragraphs(root: Element) -> None:
    """Rows that were deleted, and paragraphs of which all was."""
    for row in list(root.iter(name("w:tr"))):
        if row.find(f"{name('w:trPr')}/{name('w:del')}") is not None:
            _remove(row)
    for paragraph in list(root.iter(name("w:p"))):
        ended = paragraph.find(f"{name('w:pPr')}/{name('w:rPr')}/{name('w:del')}") is not None
        if ended and all(_local(child) in {"pPr", *_REMOVED} for child in paragraph):
            _remove(paragraph)


def _unwrap(found: Element) -> None:
    parent = found.getparent()
    if parent is None or not len(found):
        _remove(found)
        return
    for child in found:
        found.addprevious(child)
    parent.remove(found)


def _remove(found: Element) -> None:
    parent = found.getparent()
    if parent is not None:
        parent.remove(found)


def _drop(root: Element, found: list[Element]) -> None:
    for child in found:
        root.remove(child)


def _local(found: Element) -> str:
    return etree.QName(found).localname
