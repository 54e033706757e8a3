"""Whole numbers that pages are sent, in a form or an address: bounded before they are converted."""

from starlette.convertors import IntegerConvertor, register_url_convertor

MAX_PLACE = 9_999
MAX_YEAR = 9_999


def read_whole(text: str, most: int) -> int | None:
    """Return a whole number from 0 to `most`, None for any other text."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most))):
        return None
    return int(text) if int(text) <= most else None


class PlaceConvertor(IntegerConvertor):
    """`{number:place}` in an address: a place in a lesson. Longer numbers are found nowhere."""

    regex = "[0-9]{1,4}"


register_url_convertor("place", PlaceConvertor())
