"""Documents: a file, checked and read, as blocks of text."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from bot.documents.encoding import MOST_CHARACTERS
from bot.documents.kinds import kind_of, refuse_ending
from bot.errors import DocumentError
from bot.source import Block, Line

Reader = Callable[[bytes], list[Block]]

LARGEST_FILE = 30 * 1024 * 1024


def _reader(module: str) -> Reader:
    """Return the reader of *module*, which is imported when it is first used."""

    def read(content: bytes) -> list[Block]:
        blocks: list[Block] = import_module(f"bot.documents.{module}").read(content)
        return blocks

    return read


READERS: dict[str, Reader] = {
    ".txt": _reader("plain_text"),
    ".text": _reader("plain_text"),
    ".md": _reader("markdown"),
    ".markdown": _reader("markdown"),
    ".docx": _reader("word"),
    ".pdf": _reader("pdf"),
    ".html": _reader("web_page"),
    ".htm": _reader("web_page"),
    ".xlsx": _reader("sheets"),
    ".csv": _reader("separated"),
}


def read_blocks(path: Path) -> list[Block]:
    """Read what *path* says, in its own order; never empty.

    A file that is clearly of another kind than its ending says (a pdf named .docx)
    is read as what it is.

    Raises:
        DocumentError: the file cannot be read; its reply says what to do.
    """
    ending = path.suffix.lower()
    content = _content(path)
    if ending not in READERS:
        refuse_ending(ending, content)
    blocks = READERS[kind_of(ending, content)](content)
    _check_text(blocks, path)
    return blocks


def _content(path: Path) -> bytes:
    """Return the bytes of *path*, if it is a file of a bearable size."""
    try:
        if path.is_dir():
            raise DocumentError(
                f"{path} is a directory",
                reply="这是一个文件夹，不是文件。请逐个导入里面的方案文件。",
            )
        if not path.is_file():
            raise DocumentError(
                f"{path} is no file", reply="找不到这个文件，请检查路径和文件名。"
            )
        if path.stat().st_size > LARGEST_FILE:
            raise DocumentError(
                f"{path} has {path.stat().st_size} bytes",
                reply="文件超过 30 MB，请只保留方案正文、去掉图片后再导入。",
            )
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise DocumentError(
            f"{path}: {error!r}",
            reply="文件打不开，请检查路径、读取权限，或重新复制一份再导入。",
        ) from error
    if not content:
        raise DocumentError(
            f"{path} is empty",
            reply="这是空文件（0 字节），请重新保存或重新下载后再导入。",
        )
    return content


def _check_text(blocks: list[Block], path: Path) -> None:
    """Refuse a document without a word, and one that no plan can be."""
    size = sum(len(text) for block in blocks for text in _texts(block))
    if size > MOST_CHARACTERS:
        raise DocumentError(
            f"{path} holds {size} characters",
            reply="文字超过 200 万字，不像一份方案。请只保留方案正文后再导入。",
        )
    if not any(text.strip() for block in blocks for text in _texts(block)):
        raise DocumentError(
            f"{path} holds no text",
            reply="文件里没有文字，只有空白或图片。请换成有文字的 docx、txt 或 pdf。",
        )


def _texts(block: Block) -> list[str]:
    """List the texts of *block*: its line, or its cells."""
    if isinstance(block, Line):
        return [block.text]
    return [cell for row in block.rows for cell in row]
