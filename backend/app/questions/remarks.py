"""What a grade tells the learner, in both languages: what to change, in one friendly sentence."""

from collections.abc import Iterable

from app.questions.grades import Texts

LEFT_OPEN = Texts("This is still open.", "Bagian ini belum dijawab.")

INSTEAD = Texts(
    "“{expected}” fits here, not “{given}”.", "Yang tepat “{expected}”, bukan “{given}”."
)
MISSED = Texts("This is right, too: {items}.", "Ini juga benar: {items}.")
TICKED_IN_VAIN = Texts("This does not belong here: {items}.", "Ini tidak termasuk: {items}.")
STATEMENT_IS_TRUE = Texts("The statement is true.", "Pernyataan itu benar.")
STATEMENT_IS_FALSE = Texts("The statement is not true.", "Pernyataan itu tidak benar.")

GAPS_RIGHT = Texts("{right} of {total} gaps are right.", "{right} dari {total} isian sudah tepat.")
PAIRS_RIGHT = Texts(
    "{right} of {total} pairs are right.", "{right} dari {total} pasangan sudah tepat."
)
PARTS_RIGHT = Texts(
    "{right} of {total} questions are right.", "{right} dari {total} pertanyaan sudah tepat."
)

STARTS_WITH = Texts("It starts with “{tile}”.", "Mulailah dengan “{tile}”.")
FOLLOWS = Texts("After “{before}” comes “{tile}”.", "Sesudah “{before}” dilanjutkan “{tile}”.")
STILL_MISSING = Texts("Still to be placed: {items}.", "Masih perlu dipakai: {items}.")
NOT_NEEDED = Texts("Not needed here: {items}.", "Tidak dipakai di sini: {items}.")

CLOSEST = Texts("A right answer: “{answer}”", "Jawaban yang tepat: “{answer}”")
UNCHANGED = Texts(
    "The sentence is as it was; there is still something in it to mend.",
    "Kalimatnya masih sama; masih ada yang perlu diperbaiki.",
)
PLACE_FOUND = Texts(
    "You found the place; mend it in another way.",
    "Letak kesalahannya sudah kamu temukan; perbaikannya yang belum tepat.",
)
SPOILED = Texts(
    "Words changed that were right as they were.",
    "Ada kata yang sebenarnya sudah tepat, tetapi ikut berubah.",
)

WILL_BE_MARKED = Texts("A teacher will mark this.", "Jawabanmu akan dinilai oleh guru.")
LENGTH = Texts(
    "You wrote {words} words; {least} to {most} are asked for.",
    "Tulisanmu {words} kata; yang diminta {least} sampai {most} kata.",
)
NO_RECORDING = Texts("There is no recording yet.", "Belum ada rekaman.")


def quoted(texts: Iterable[str]) -> str:
    """Return texts as a remark lists them."""
    return ", ".join(f"“{text}”" for text in texts)
