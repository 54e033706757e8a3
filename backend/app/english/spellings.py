"""British and American spellings of the same word: both become the American one."""

import re
from functools import lru_cache
from pathlib import Path

_OUR = re.compile(
    r"^((?:dis|mis|un)?(?:arb|ard|arm|behavi|belab|cand|clam|col|demean|discol|enam|endeav|fav|"
    r"ferv|flav|harb|hon|hum|lab|misdemean|neighb|od|parl|ranc|rig|rum|savi|sav|splend|tum|val|"
    r"vap|vig|watercol))our"
)
_RE = re.compile(
    r"^(amphitheat|calib|cent|epicent|fib|lit|lust|meag|(?:centi|deci|kilo|micro|milli)?met|mit|"
    r"millilit|reconnoit|sab|scept|somb|spect|theat)r(?:e(s?)|(ed|ing))$"
)
_YSE = re.compile(r"^((?:anal|breathal|catal|paral|psychoanal))ys(e[ds]?|ers?|ing)$")
_ISE = re.compile(r"^(\w+?)is(e[ds]?|ers?|ing|ations?|ational|able)$")
_LL = re.compile(
    r"^((?:un|re|mis)?(?:cancel|channel|counsel|dial|duel|enamel|equal|fuel|grovel|initial|jewel|"
    r"label|level|marshal|marvel|model|panel|pedal|quarrel|ravel|revel|rival|shovel|shrivel|"
    r"signal|snorkel|spiral|total|towel|travel|tunnel|yodel))l(ed|ers?|ing)$"
)
# Verbs in -ize that the British also write with -ise; "advise", "exercise", "promise" never change.
_IZE = frozenset(
    """
    acclimat actual agon alphabet antagon apolog author bapt brutal cannibal canon capital
    categor central character civil colon commercial computer conceptual critic crystall custom
    decentral dehuman democrat demoral digit disorgan dramat econom empath emphas energ equal
    familiar fantas fertil final formal fossil galvan general glamor global harmon hospital human
    hypnot hypothes ideal immobil immortal immun individual industrial initial institutional
    internal international ital item jeopard legal local maxim mechan memor mesmer militar
    miniatur minim mobil modern moistur monopol moral motor national natural neutral normal
    optim organ overemphas ox patron penal personal philosoph plagiar polar popular pressur
    priorit privat public rational real recogn reorgan revital revolution romantic sanit
    scrutin sensit serial social special stabil standard steril stigmat styl subsid summar
    symbol sympath synchron synthes systemat terror theor tranquill traumat trivial union
    urban util vandal verbal victim visual vocal western
    """.split()
)


def _load() -> dict[str, str]:
    lines = Path(__file__).with_name("spellings.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if not line.startswith("#"))
    return {british: american for british, american in pairs}  # noqa: C416 - dict() mistypes


_LISTED = _load()


@lru_cache(maxsize=16_384)
def american(word: str) -> str:
    """Return the American spelling of a lower-case word: colour → color, lift → lift."""
    if (listed := _LISTED.get(word)) is not None:
        return listed
    if (found := _ISE.match(word)) and found[1] in _IZE:
        return f"{found[1]}iz{found[2]}"
    if found := _RE.match(word):
        return f"{found[1]}er{found[2] or found[3] or ''}"
    word = _OUR.sub(r"\1or", word)
    word = _YSE.sub(r"\1yz\2", word)
    return _LL.sub(r"\1\2", word)
