"""`categorise`: words are sorted into groups."""

from collections.abc import Iterator
from random import Random
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.questions import remarks
from app.questions.choices import (
    Choices,
    Named,
    alike_errors,
    check_ids,
    from_parts,
    id_errors,
    labels_of,
    repeated,
    require_distinct_ids,
)
from app.questions.documents.base import (
    Bilingual,
    ChoiceId,
    KeyBase,
    OptionsBase,
    ResponseBase,
)
from app.questions.forms import Answer, Fields, by_choice, filled
from app.questions.grades import Grade, PartResult, Texts
from app.questions.shuffling import in_turn
from app.questions.types.base import Front, QuestionType

WORDS_RIGHT = Texts(
    "{right} of {total} words are in the right group.",
    "{right} dari {total} kata sudah di kelompok yang tepat.",
)
BELONGS = Texts("“{word}” belongs to “{group}”.", "“{word}” termasuk “{group}”.")


class Group(Named):
    """A group that words belong to, by its name."""

    name: Bilingual


class CategoriseOptions(OptionsBase):
    """Groups, shown in this order, and the words that belong to them, which are shuffled."""

    type: Literal["categorise"]
    groups: Annotated[list[Group], Field(min_length=2, max_length=4)]
    words: Choices

    @model_validator(mode="after")
    def _check(self) -> Self:
        if repeated(group.id for group in self.groups):
            raise ValueError("groups: two groups share an id; give each its own")
        require_distinct_ids(self.words, "words")
        return self


class CategoriseKey(KeyBase):
    """Word id to group id."""

    type: Literal["categorise"]
    places: dict[ChoiceId, ChoiceId] = Field(min_length=2, max_length=12)


class CategoriseResponse(ResponseBase):
    """Word id to group id, for the words that were put in a group."""

    type: Literal["categorise"]
    places: dict[ChoiceId, ChoiceId] = Field(default_factory=dict, max_length=12)


class Categorise(QuestionType[CategoriseOptions, CategoriseKey, CategoriseResponse]):
    """Words to be sorted into groups; each word counts the same."""

    name = "categorise"
    example = {"places": {"w1": "a", "w2": "b"}}
    shows_key = True

    def grade(
        self, key: CategoriseKey, options: CategoriseOptions, response: CategoriseResponse
    ) -> Grade:
        words, names = labels_of(options.words), _names(options)
        parts = [
            _grade_word(word, words.get(word, word), names, group, response.places.get(word))
            for word, group in key.places.items()
        ]
        return from_parts(parts, WORDS_RIGHT)

    def check_response(
        self,
        key: CategoriseKey,
        options: CategoriseOptions,
        response: CategoriseResponse,
        field: str,
    ) -> None:
        check_ids(response.places, options.words, f"{field}.places")
        for group in response.places.values():  # many words have the same group
            check_ids([group], options.groups, f"{field}.places")

    def shuffle(
        self, key: CategoriseKey, options: CategoriseOptions, seed: int, place: str
    ) -> CategoriseOptions:
        return options.model_copy(update={"words": in_turn(options.words, seed, place)})

    def key_errors(self, key: CategoriseKey, options: CategoriseOptions) -> Iterator[str]:
        yield from id_errors(list(key.places), options.words, "words")
        used = set(key.places.values())
        yield from id_errors(sorted(used), options.groups, "groups")
        for word in sorted({word.id for word in options.words} - key.places.keys()):
            yield f"word {word} has no group; give it one"
        for group in sorted({group.id for group in options.groups} - used):
            yield f"group {group} has no word; give it one, or leave it out"

    def options_errors(self, options: CategoriseOptions) -> Iterator[str]:
        yield from alike_errors(options.words, "words")
        for names in zip(
            *((group.name.en, group.name.id) for group in options.groups), strict=True
        ):
            for name in repeated(names):
                yield f"groups: {name!r} is the name of two groups; rename one"

    def wrong_response(
        self, key: CategoriseKey, options: CategoriseOptions, rng: Random
    ) -> CategoriseResponse:
        word, group = rng.choice(sorted(key.places.items()))
        other = rng.choice([each.id for each in options.groups if each.id != group])
        return CategoriseResponse(type=key.type, places=key.places | {word: other})

    def response_lines(
        self, options: CategoriseOptions | None, response: CategoriseResponse, language: str
    ) -> list[str]:
        """Return a line a group."""
        words = labels_of(options.words if options else ())
        names = _names(options) if options else {}
        groups = [group for group in names if group in response.places.values()]
        groups += sorted(set(response.places.values()) - names.keys())
        order = [word for word in words if word in response.places]
        order += [word for word in response.places if word not in words]
        lines = []
        for group in groups:
            members = [words.get(word, word) for word in order if response.places[word] == group]
            name = names.get(group, Texts(group, group))
            lines.append(f"{name.id if language == 'id' else name.en}: {', '.join(members)}")
        return lines

    def read_form(
        self, stem: str, options: CategoriseOptions, fields: Fields, prefix: str
    ) -> Answer | None:
        return filled({"places": by_choice(fields, f"{prefix}group-", options.words)})

    def write_form(self, response: CategoriseResponse) -> dict[str, list[str]]:
        return {f"group-{word}": [group] for word, group in response.places.items()}

    def front(self, options: CategoriseOptions) -> Front:
        return Front([word.text for word in options.words])


def _names(options: CategoriseOptions) -> dict[str, Texts]:
    return {group.id: Texts(group.name.en, group.name.id) for group in options.groups}


def _grade_word(
    word_id: str, word: str, names: dict[str, Texts], expected: str, given: str | None
) -> PartResult:
    name = names.get(expected, Texts(expected, expected))
    is_right = given == expected
    belongs = Texts(
        BELONGS.en.format(word=word, group=name.en), BELONGS.id.format(word=word, group=name.id)
    )
    feedback = () if is_right else (belongs,) if given else (remarks.LEFT_OPEN,)
    return PartResult(word_id, is_right, score=int(is_right), expected=name, feedback=feedback)
