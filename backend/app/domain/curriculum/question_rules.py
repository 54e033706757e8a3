"""What makes one question fit to publish: its parts agree with each other and with the grader."""

from app.domain.curriculum.files import QuestionItem
from app.questions.types import TYPES


def find_question_errors(question: QuestionItem) -> list[tuple[str, str]]:
    """Return (field, message) for each way in which the parts of `question` disagree."""
    kind = TYPES[question.type]
    errors = list(kind.find_errors(question.answer_key, question.options))
    stems = {"stem": question.stem}
    if question.translations.id is not None:
        stems["translations.id.stem"] = question.translations.id.stem
    errors += [
        (field, f"the stem {message}")
        for field, stem in stems.items()
        for message in kind.stem_errors(question.answer_key, stem)
    ]
    return errors
