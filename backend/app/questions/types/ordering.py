"""`ordering`: tiles are put in order. Tiles with the same text are the same tile."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice, pairwise, permutations
from random import Random
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.core.errors import InvalidInput
from app.english.answers import DiffPiece
from app.english.sentences import as_sentence
from app.questions import remarks
from app.questions.choices import Choice, check_ids, id_errors, require_distinct_ids, texts_of
from app.questions.documents.base import ChoiceId, KeyBase, OptionsBase, ResponseBase
from app.questions.forms import Answer, Fields, by_choice, filled
from app.questions.grades import NOTHING, RIGHT, Grade, Texts, partial
from app.questions.shuffling import in_turn
from app.questions.types.base import Front, QuestionType

_TRIED_ORDERS = 5_000


class RepeatedPlace(InvalidInput):
    """Two words were put in the same place; the tiles of the script cannot, the selects can."""

    message = "Choose each place once."
    message_id = "Pilih setiap urutan satu kali saja."


class OrderingOptions(OptionsBase):
    """Tiles (words or sentences) to be put in order."""

    type: Literal["ordering"]
    tokens: Annotated[list[Choice], Field(min_length=2, max_length=20)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        require_distinct_ids(self.tokens, "tokens")
        return self


class OrderingKey(KeyBase):
    """Every accepted order of the token ids (the first is shown); unused tokens are distractors."""

    type: Literal["ordering"]
    orders: list[Annotated[list[ChoiceId], Field(min_length=2, max_length=20)]] = Field(
        min_length=1, max_length=10
    )


class OrderingResponse(ResponseBase):
    """The token ids in the learner's order."""

    type: Literal["ordering"]
    order: list[ChoiceId] = Field(default_factory=list, max_length=20)


class Ordering(QuestionType[OrderingOptions, OrderingKey, OrderingResponse]):
    """Tiles to be put in order; right neighbours count."""

    name = "ordering"
    example = {"order": ["t2", "t1", "t3"]}
    default_cause = "word_order"
    shows_key = True

    def grade(
        self, key: OrderingKey, options: OrderingOptions, response: OrderingResponse
    ) -> Grade:
        """Score the share of right neighbours; tiles too many count against it.

        Of n tiles, n - 1 pairs of neighbours are right; a longer answer is held to its own number
        of pairs. The accepted order that is closest counts.
        """
        given = texts_of(response.order, options.tokens)
        orders = [texts_of(order, options.tokens) for order in key.orders]
        if given in orders:
            return RIGHT
        if not given:
            return Grade(NOTHING, (remarks.LEFT_OPEN,))
        closest = max(orders, key=lambda order: _right_neighbours(order, given))
        pairs = max(len(closest), len(given)) - 1
        score = partial(Decimal(_right_neighbours(closest, given)) / pairs)
        return Grade(score, _feedback(closest, given), _diff(closest, given))

    def check_response(
        self, key: OrderingKey, options: OrderingOptions, response: OrderingResponse, field: str
    ) -> None:
        check_ids(response.order, options.tokens, f"{field}.order")

    def shuffle(
        self, key: OrderingKey, options: OrderingOptions, seed: int, place: str
    ) -> OrderingOptions:
        tokens = _scrambled(in_turn(options.tokens, seed, place), key)
        return options.model_copy(update={"tokens": tokens})

    def key_errors(self, key: OrderingKey, options: OrderingOptions) -> Iterator[str]:
        for order in key.orders:
            yield from id_errors(order, options.tokens, "tokens")
        if [token.id for token in options.tokens] in key.orders:
            yield "the tokens stand in a right order already; shuffle options.tokens"

    def model_responses(self, key: OrderingKey) -> list[OrderingResponse]:
        return [OrderingResponse(type=key.type, order=order) for order in key.orders]

    def wrong_response(
        self, key: OrderingKey, options: OrderingOptions, rng: Random
    ) -> OrderingResponse:
        order = key.orders[0]
        return OrderingResponse(type=key.type, order=[*order[:-2], order[-1], order[-2]])

    def model_answer(self, key: OrderingKey, options: OrderingOptions | None, language: str) -> str:
        return " ".join(texts_of(key.orders[0], options.tokens if options else ()))

    def answer_lines(
        self, key: OrderingKey, options: OrderingOptions | None, language: str
    ) -> list[str]:
        return [as_sentence(self.model_answer(key, options, language))]

    def response_lines(
        self, options: OrderingOptions | None, response: OrderingResponse, language: str
    ) -> list[str]:
        row = " ".join(texts_of(response.order, options.tokens if options else ()))
        return [row] if row else []

    def read_form(
        self, stem: str, options: OrderingOptions, fields: Fields, prefix: str
    ) -> Answer | None:
        return filled({"order": placed(options.tokens, fields, prefix)})

    def write_form(self, response: OrderingResponse) -> dict[str, list[str]]:
        return {f"position-{token}": [str(n)] for n, token in enumerate(response.order, start=1)}

    def front(self, options: OrderingOptions) -> Front:
        return Front([token.text for token in options.tokens])


def placed(tokens: list[Choice], fields: Fields, prefix: str = "") -> list[str]:
    """Return the ids of the tokens that were given a place, in order. Raises RepeatedPlace."""
    numbers = {str(number): number for number in range(1, len(tokens) + 1)}
    chosen = by_choice(fields, f"{prefix}position-", tokens)
    places = {token: numbers[place] for token, place in chosen.items() if place in numbers}
    if len(set(places.values())) < len(places):
        raise RepeatedPlace
    return sorted(places, key=lambda token: places[token])


def _scrambled(tokens: list[Choice], key: OrderingKey) -> list[Choice]:
    """Return `tokens` as they are, or, when they show a right order, in another order."""
    orders = [texts_of(order, tokens) for order in key.orders]

    def shows_answer(tiles: Iterable[Choice]) -> bool:
        """Return whether the tiles that an order uses stand in it, others among them or not."""
        texts = [tile.text for tile in tiles]
        return any(
            [text for text in texts if text in used] == order
            for order, used in ((order, set(order)) for order in orders)
        )

    if not shows_answer(tokens):
        return tokens
    others = islice(permutations(reversed(tokens)), _TRIED_ORDERS)
    return next((list(order) for order in others if not shows_answer(order)), tokens)


def _right_neighbours(order: list[str], given: list[str]) -> int:
    return (Counter(pairwise(order)) & Counter(pairwise(given))).total()


def _feedback(order: list[str], given: list[str]) -> tuple[Texts, ...]:
    """Return what to add or take away, or else the first step that differs."""
    missing, unused = Counter(order) - Counter(given), Counter(given) - Counter(order)
    feedback = [
        remark.format(items=remarks.quoted(tiles.elements()))
        for remark, tiles in ((remarks.NOT_NEEDED, unused), (remarks.STILL_MISSING, missing))
        if tiles
    ]
    if feedback:
        return tuple(feedback)
    place = next(n for n, (a, b) in enumerate(zip(order, given, strict=True)) if a != b)
    if place == 0:
        return (remarks.STARTS_WITH.format(tile=order[0]),)
    return (remarks.FOLLOWS.format(before=order[place - 1], tile=order[place]),)


def _diff(order: list[str], given: list[str]) -> tuple[DiffPiece, ...]:
    """Return the tiles that stand in the right sequence, and between them too many and missing."""
    pieces: list[DiffPiece] = []
    ours = theirs = 0
    for right, mine in [*_standing(order, given), (len(order), len(given))]:
        pieces += [DiffPiece("extra", "", tile) for tile in given[theirs:mine]]
        pieces += [DiffPiece("missing", tile, "") for tile in order[ours:right]]
        pieces += [DiffPiece("same", tile, tile) for tile in order[right : right + 1]]
        ours, theirs = right + 1, mine + 1
    return tuple(pieces)


def _standing(order: list[str], given: list[str]) -> list[tuple[int, int]]:
    """Return the places (right, given) of the longest series of tiles in the right sequence."""
    places: dict[str, list[int]] = {}
    for place, tile in reversed([*enumerate(order)]):
        places.setdefault(tile, []).append(place)
    series: list[list[tuple[int, int]]] = []  # the longest that ends with each tile
    for mine, tile in enumerate(given):
        if places.get(tile):
            right = places[tile].pop()
            before = [each for each in series if each[-1][0] < right]
            series.append([*max(before, key=len, default=[]), (right, mine)])
    return max(series, key=len, default=[])
