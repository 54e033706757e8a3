"""What Pydantic finds wrong with a value, told in English and in Indonesian."""

from typing import Any

_Texts = tuple[str, str]
_NUMBER: _Texts = ("This must be a number.", "Isian ini harus berupa angka.")
_WHOLE: _Texts = ("This must be a whole number.", "Isian ini harus berupa bilangan bulat.")
_UUID: _Texts = ("This must be a UUID.", "Isian ini harus berupa UUID.")
_BOOLEAN: _Texts = ("This must be true or false.", "Isian ini harus bernilai true atau false.")
_OBJECT: _Texts = ("This must be an object.", "Isian ini harus berupa objek.")
_TIME: _Texts = (
    "This must be a time in ISO 8601, with its offset.",
    "Isian ini harus berupa waktu ISO 8601 beserta selisih zonanya.",
)
_CHOICE: _Texts = ("This must be {expected}.", "Isian ini harus {expected}.")
_TYPE: _Texts = (
    "This needs a “type” that is known here.",
    "Isian ini perlu “type” yang dikenal di sini.",
)
_OTHER_ID = "Isian ini tidak valid."

# Extend here: Pydantic's error types, with what their context names in braces.
_MESSAGES: dict[str, _Texts] = {
    "missing": ("This is required.", "Isian ini wajib ada."),
    "extra_forbidden": ("This is not known here.", "Isian ini tidak dikenal di sini."),
    "string_type": ("This must be text.", "Isian ini harus berupa teks."),
    "string_too_short": (
        "This must have at least {min_length} characters.",
        "Isian ini harus berisi minimal {min_length} karakter.",
    ),
    "string_too_long": (
        "This may have at most {max_length} characters.",
        "Isian ini boleh berisi maksimal {max_length} karakter.",
    ),
    "string_pattern_mismatch": (
        "This does not have the right form.",
        "Bentuk isian ini tidak sesuai.",
    ),
    "list_type": ("This must be a list.", "Isian ini harus berupa daftar."),
    "too_short": (
        "This must have at least {min_length} items.",
        "Isian ini harus memuat minimal {min_length} butir.",
    ),
    "too_long": (
        "This may have at most {max_length} items.",
        "Isian ini boleh memuat maksimal {max_length} butir.",
    ),
    "greater_than_equal": ("This must be at least {ge}.", "Isian ini harus minimal {ge}."),
    "less_than_equal": ("This may be at most {le}.", "Isian ini boleh maksimal {le}."),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "uuid_type": _UUID,
    "uuid_parsing": _UUID,
    "literal_error": _CHOICE,
    "enum": _CHOICE,
    "union_tag_invalid": _TYPE,
    "union_tag_not_found": _TYPE,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "timezone_aware": _TIME,
}


def describe_finding(item: dict[str, Any], language: str) -> str:
    """Return one sentence about `item`, an error of Pydantic, in `language` ("id" or "en").

    The refused value is never part of it: it may be a password.
    """
    context = dict(item.get("ctx") or {})
    if language == "id" and "expected" in context:
        context["expected"] = context["expected"].replace(" or ", " atau ")
    texts = _MESSAGES.get(item["type"])
    if texts:
        return texts[language == "id"].format_map(context)
    return _OTHER_ID if language == "id" else as_sentence(item["msg"].removeprefix("Value error, "))


def as_sentence(text: str) -> str:
    """Return `text` with a capital at the beginning and a stop at the end."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
