"""A stand-in for Chinese fonts that a PDF names but does not hold.

The library measures text by the shapes of its letters, and drops a lone character
whose shape it cannot find. For reading we need no shapes: each character becomes a
box, and what is read does not depend on the fonts of the machine.
"""

import ctypes
import zlib
from base64 import b85decode
from functools import cache

import pypdfium2

_CHINESE_AND_NEIGHBOURS = {128, 129, 130, 134, 136}  # charsets as Windows numbers them
_HANDLE = 1

# A TrueType font of one box (200 x 700 of 1000), to which a cmap of format 13 leads
# from each character; made with fontTools, compressed.
_BOX_FONT = zlib.decompress(
    b85decode(
        "c-oawJxjw-6g@Am#&2tJu%JT*!Gib=9Yhdo_d@Nij~WvtF`>2)ad8wUaq>s_0~|y;_J=4sc5#$=l"
        "2^3|9XxRJ?z#8An{)4j05FCtNLZEq)s5ZRy(K^t7(J}}Dnt%7@>}wP<6RuT-d{eEx5?LBTOF+|w@"
        ">Lm(26btnJx2<{tIov^_!7=rw4J(kLd+<g*+z69~17YC`1M(`3SjnrhL1bow*_JlGnoEyh&YzQBL"
        "wmw9>}sPAUi4?GH%Z{cZ8t=|9misF61fXz-2<V`@n1rG-w~sUISZ7*wM(2L6Ko;ueNj@lWg!iTXG"
        "mSYl~qKUyST1l-eP%IANlNGj7lBF*P}o}QSSTF-6f=zf+5$H57Ty{t&L`#te6nS{uUGGbDJ_6<y7"
        "x)elJ+i7{Kff52lsKSPW7Cb04^cxMv7yIZ)kN"
    )
)


class _BoxFonts(pypdfium2.PdfSysfontBase):  # type: ignore[misc]
    """Answers the library's questions for fonts; the names are its own."""

    def EnumFonts(self, _: object, mapper: object) -> None:
        """Name no font of the machine."""

    def MapFont(
        self,
        _: object,
        weight: int,
        italic: int,
        charset: int,
        pitch: int,
        face: object,
        exact: object,
    ) -> int | None:
        """Give the box font for East Asian text, and leave the rest to the library."""
        if charset in _CHINESE_AND_NEIGHBOURS:
            return _HANDLE
        found: int | None = self.default.MapFont(
            self.default, weight, italic, charset, pitch, face, exact
        )
        return found

    def GetFontData(
        self,
        _: object,
        font: int,
        table: int,
        buffer: "ctypes._Pointer[ctypes.c_ubyte]",
        size: int,
    ) -> int:
        """Copy the whole font file; a single table of it is never needed."""
        if font != _HANDLE:
            return int(
                self.default.GetFontData(self.default, font, table, buffer, size)
            )
        if table:
            return 0
        if buffer and size >= len(_BOX_FONT):
            target = ctypes.cast(buffer, ctypes.c_void_p)
            ctypes.memmove(target, _BOX_FONT, len(_BOX_FONT))
        return len(_BOX_FONT)

    def GetFaceName(self, _: object, font: int, buffer: object, size: int) -> int:
        """Give no name: nobody sees it."""
        return 0

    def GetFontCharset(self, _: object, font: int) -> int:
        """Call every font Chinese."""
        return 134

    def DeleteFont(self, _: object, font: int) -> None:
        """Keep the font: it costs nothing."""
        if font != _HANDLE:
            self.default.DeleteFont(self.default, font)


@cache
def install_box_fonts() -> None:
    """Make the library measure East Asian text that has no font by boxes, once."""
    _BoxFonts().setup()
