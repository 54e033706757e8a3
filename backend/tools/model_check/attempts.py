"""What each CHECK must refuse: changes to a valid row (`rows.py`), as JSON values by column.

Attempts against NOT NULL, UNIQUE and FOREIGN KEY follow from the rule itself (`rules.py`). Each
change breaks exactly the rule that it is listed under.
"""

from typing import Any

Change = dict[str, Any]

_BAD_SLUGS: list[Change] = [
    {"slug": ""},
    {"slug": "Two Words"},
    {"slug": "ends-with-"},
    {"slug": "a--b"},
    {"slug": "a\nb"},
]
_NOT_AN_OBJECT: list[Change] = [{"translations": []}, {"translations": "text"}]
_UNTRANSLATED: list[Change] = [
    {"status": "published", "translations": {}},
    {"status": "published", "translations": {"id": {"title": ""}}},
]
_BAD_LEVELS: list[Change] = [{"level": "C1"}, {"level": "a1"}, {"level": ""}]
_BAD_STATUS: list[Change] = [{"status": "deleted"}]
_BAD_SKILLS: list[Change] = [{"skill": "singing"}, {"skill": ""}]
_BAD_POSITIONS: list[Change] = [{"position": 0}, {"position": -1}]
_BAD_EASE: list[Change] = [{"ease_factor": 1.29}, {"ease_factor": 5.01}]
_BAD_STABILITY: list[Change] = [{"stability": 0}, {"stability": -1}]
_BAD_DIFFICULTY: list[Change] = [{"difficulty": 0.99}, {"difficulty": 10.01}]
_BAD_DURATION: list[Change] = [{"duration_ms": -1}]
_BAD_CURRENCY: list[Change] = [{"currency": "Rp"}, {"currency": "idr"}]
_BAD_SCORE: list[Change] = [
    {"score": -0.001, "is_correct": False},
    {"score": 1.001, "is_correct": False},
]
_BAD_RESPONSE: list[Change] = [{"response": []}, {"response": "b"}]

_BAD_MAXIMUM: list[Change] = [{"maximum_interval_days": 0}, {"maximum_interval_days": 36_501}]


def _bad_steps(column: str) -> list[Change]:
    return [{column: [0]}, {column: [10, 1_441]}, {column: [1] * 11}]


_ACCOUNTS: dict[str, list[Change]] = {
    "users_email_check": [
        {"email": "Sari@example.com"},
        {"email": "no-at-sign"},
        {"email": "@example.com"},
        {"email": "sari@"},
        {"email": ""},
    ],
    "users_full_name_check": [{"full_name": ""}, {"full_name": "   "}],
    "users_current_level_check": [{"current_level": "C1"}, {"current_level": ""}],
    "users_role_check": [{"role": "owner"}],
    "users_birth_year_check": [{"birth_year": 1899}, {"birth_year": 2201}],
    "user_preferences_ui_language_check": [{"ui_language": "fr"}],
    "user_preferences_theme_check": [{"theme": "pink"}],
    "user_preferences_timezone_check": [{"timezone": ""}],
    "user_preferences_day_cutoff_hour_check": [{"day_cutoff_hour": -1}, {"day_cutoff_hour": 24}],
    "user_preferences_daily_goal_minutes_check": [
        {"daily_goal_minutes": 0},
        {"daily_goal_minutes": 481},
    ],
    "user_preferences_new_cards_per_day_check": [
        {"new_cards_per_day": -1},
        {"new_cards_per_day": 1001},
    ],
    "user_preferences_desired_retention_check": [
        {"desired_retention": 0.69},
        {"desired_retention": 0.98},
    ],
    "user_preferences_reviews_per_day_check": [
        {"reviews_per_day": -1},
        {"reviews_per_day": 10_000},
    ],
    "user_preferences_learning_steps_check": _bad_steps("learning_steps"),
    "user_preferences_relearning_steps_check": _bad_steps("relearning_steps"),
    "user_preferences_maximum_interval_days_check": _BAD_MAXIMUM,
    "user_preferences_review_order_check": [{"review_order": "random"}],
    "user_sessions_token_hash_check": [{"token_hash": "\\x00"}, {"token_hash": "\\x" + "00" * 33}],
    "user_sessions_expires_at_check": [{"expires_at": "2026-03-02T05:00:00Z"}],
}

_CONTENT: dict[str, list[Change]] = {
    "paths_slug_check": _BAD_SLUGS,
    "paths_translations_check": [{"status": "draft", **change} for change in _NOT_AN_OBJECT],
    "paths_status_check": _BAD_STATUS,
    "paths_published_translations_check": _UNTRANSLATED,
    "paths_position_check": _BAD_POSITIONS,
    "units_slug_check": _BAD_SLUGS,
    "units_translations_check": _NOT_AN_OBJECT,
    "units_level_check": _BAD_LEVELS,
    "units_position_check": _BAD_POSITIONS,
    "lessons_slug_check": _BAD_SLUGS,
    "lessons_level_check": _BAD_LEVELS,
    "lessons_skill_check": _BAD_SKILLS,
    "lessons_sections_check": [{"sections": []}, {"sections": {}}, {"sections": "text"}],
    "lessons_status_check": _BAD_STATUS,
    "lessons_published_at_check": [{"status": "published", "published_at": None}],
    "lessons_translations_check": [{"status": "draft", **change} for change in _NOT_AN_OBJECT],
    "lessons_published_translations_check": _UNTRANSLATED,
    "lessons_position_check": _BAD_POSITIONS,
    "lessons_estimated_minutes_check": [{"estimated_minutes": 0}, {"estimated_minutes": 241}],
    "questions_slug_check": _BAD_SLUGS,
    "questions_stem_check": [{"stem": ""}, {"stem": "  "}],
    "questions_type_check": [
        {"type": "crossword", "options": None, "answer_key": {"type": "crossword"}}
    ],
    "questions_options_check": [
        {"options": []},
        {"options": "text"},
        {"options": {}},
        {"options": {"type": "matching"}},
    ],
    "questions_options_present_check": [
        {"options": None},
        {"type": "matching", "options": None, "answer_key": {"type": "matching"}},
    ],
    "questions_answer_key_check": [
        {"answer_key": []},
        {"answer_key": {}},
        {"answer_key": {"type": "matching"}},
    ],
    "questions_level_check": _BAD_LEVELS,
    "questions_skill_check": _BAD_SKILLS,
    "questions_difficulty_check": [{"difficulty": 0}, {"difficulty": 6}],
    "questions_status_check": _BAD_STATUS,
    "questions_translations_check": [{"status": "draft", **change} for change in _NOT_AN_OBJECT],
    "questions_published_translations_check": [
        {"status": "published", "translations": {}},
        {"status": "published", "translations": {"id": {"explanation": "tanpa soal"}}},
    ],
    "lesson_questions_position_check": _BAD_POSITIONS,
    "lesson_questions_after_section_check": [{"after_section": 0}],
    "question_sets_slug_check": _BAD_SLUGS,
    "question_sets_level_check": _BAD_LEVELS,
    "question_sets_kind_check": [{"kind": "homework"}],
    "question_sets_time_limit_seconds_check": [
        {"time_limit_seconds": 0},
        {"time_limit_seconds": -60},
    ],
    "question_sets_tryout_time_limit_check": [{"kind": "tryout", "time_limit_seconds": None}],
    "question_sets_passing_score_check": [{"passing_score": -1}, {"passing_score": 101}],
    "question_sets_status_check": _BAD_STATUS,
    "question_sets_translations_check": [
        {"status": "draft", **change} for change in _NOT_AN_OBJECT
    ],
    "question_sets_published_translations_check": _UNTRANSLATED,
    "questionset_questions_position_check": _BAD_POSITIONS,
    "questionset_questions_points_check": [{"points": 0}, {"points": -1}],
    "vocabulary_entries_slug_check": _BAD_SLUGS,
    "vocabulary_entries_headword_check": [{"headword": ""}, {"headword": "  "}],
    "vocabulary_entries_part_of_speech_check": [{"part_of_speech": "particle"}],
    "vocabulary_entries_level_check": _BAD_LEVELS,
    "vocabulary_entries_ipa_check": [{"ipa": "ˈtiːtʃə"}, {"ipa": "/"}],
}

_STUDIES: dict[str, list[Change]] = {
    "lesson_progress_status_check": [{"status": "paused", "completed_at": None}],
    "lesson_progress_completion_percentage_check": [
        {"status": "in_progress", "completed_at": None, "completion_percentage": -1},
        {"status": "in_progress", "completed_at": None, "completion_percentage": 101},
    ],
    "lesson_progress_sections_read_check": [{"sections_read": -1}],
    "lesson_progress_questions_attempted_check": [
        {"questions_attempted": -1, "questions_correct": -1}
    ],
    "lesson_progress_questions_correct_check": [
        {"questions_attempted": 2, "questions_correct": 3},
        {"questions_correct": -1},
    ],
    "lesson_progress_time_spent_seconds_check": [{"time_spent_seconds": -1}],
    "lesson_progress_completed_at_check": [{"completed_at": None}, {"status": "in_progress"}],
    "lesson_progress_completed_percentage_check": [{"completion_percentage": 99}],
    "question_attempts_response_check": _BAD_RESPONSE,
    "question_attempts_score_check": _BAD_SCORE,
    "question_attempts_is_correct_check": [
        {"is_correct": False, "score": 1},
        {"is_correct": True, "score": 0.5},
    ],
    "question_attempts_duration_ms_check": _BAD_DURATION,
    "question_attempts_context_check": [{"context": "exam", "placement_test_id": None}],
    "question_attempts_shuffle_seed_check": [{"shuffle_seed": -1}],
    "question_attempts_placement_check": [
        {"placement_test_id": None},
        {"context": "practice"},
    ],
    "attempt_marks_points_check": [{"points": []}, {"points": 3}],
    "attempt_marks_score_check": [{"score": -0.001}, {"score": 1.001}],
    "item_reports_kind_check": [{"kind": "praise"}],
    "item_reports_status_check": [{"status": "lost", "settled_at": "2026-03-02T05:10:00Z"}],
    "item_reports_response_check": _BAD_RESPONSE,
    "item_reports_score_check": [{"score": -0.001}, {"score": 1.001}],
    "item_reports_answer_check": [{"response": None}],
    "item_reports_settled_at_check": [
        {"status": "accepted"},
        {"settled_at": "2026-03-02T05:10:00Z"},
    ],
    "recordings_media_type_check": [{"media_type": "text/html"}],
    "recordings_content_check": [{"content": "\\x"}],
    "daily_activity_correct_answers_check": [{"correct_answers": 5}, {"correct_answers": -1}],
    "daily_activity_learnt_reviews_check": [{"learnt_reviews": 6}, {"learnt_reviews": -1}],
    "daily_activity_new_cards_check": [{"new_cards": 6}, {"new_cards": -1}],
    "daily_activity_duration_ms_check": _BAD_DURATION,
    "placement_tests_status_check": [{"status": "paused", "finished_at": "2026-03-02T05:10:00Z"}],
    "placement_tests_finished_at_check": [
        {"status": "finished"},
        {"finished_at": "2026-03-02T05:10:00Z"},
    ],
    "placement_tests_result_check": [
        {"status": "finished", "finished_at": "2026-03-02T05:10:00Z", "ability": None},
        {"status": "finished", "finished_at": "2026-03-02T05:10:00Z", "standard_error": None},
        {"status": "finished", "finished_at": "2026-03-02T05:10:00Z", "level": None},
    ],
    "placement_tests_level_check": _BAD_LEVELS,
    "placement_tests_standard_error_check": [{"standard_error": 0}],
    "placement_tests_finished_later_check": [
        {"status": "abandoned", "finished_at": "2026-03-02T04:59:59Z"}
    ],
    "user_achievements_achievement_check": [{"achievement": ""}, {"achievement": "First Lesson"}],
    "user_achievements_details_check": [{"details": []}, {"details": "text"}],
    "srs_cards_item_type_check": [{"item_type": "lesson"}],
    "srs_cards_direction_check": [
        {"item_type": "vocabulary", "direction": "both", "passage_id": None}
    ],
    "srs_cards_question_direction_check": [{"direction": "production"}],
    "srs_cards_passage_check": [{"item_type": "vocabulary"}],
    "srs_cards_revision_check": [{"revision": 0}],
    "srs_cards_interval_check": [{"interval": -1}],
    "srs_cards_ease_factor_check": _BAD_EASE,
    "srs_cards_repetitions_check": [{"repetitions": -1}],
    "srs_cards_lapses_check": [
        {"lapses": -1},
        {"lapses": 1, "stability": None, "difficulty": None},
    ],
    "srs_cards_review_count_check": [{"review_count": -1}],
    "srs_cards_learning_step_check": [{"learning_step": -1}],
    "srs_cards_stability_check": _BAD_STABILITY,
    "srs_cards_difficulty_check": _BAD_DIFFICULTY,
    "srs_cards_memory_check": [{"stability": None}, {"difficulty": None}],
    "srs_cards_last_reviewed_at_check": [{"review_count": 0}, {"last_reviewed_at": None}],
    "srs_reviews_kind_check": [{"kind": "guess", "target_id": None}],
    "srs_reviews_rating_check": [
        {"kind": "review", "target_id": None, "rating": 0},
        {"kind": "review", "target_id": None, "rating": 5},
    ],
    "srs_reviews_rated_check": [{"rating": 3}, {"kind": "review", "target_id": None}],
    "srs_reviews_target_check": [{"target_id": None}, {"kind": "reset"}],
    "srs_reviews_elapsed_days_check": [{"elapsed_days": -1}],
    "srs_reviews_fuzz_factor_check": [{"fuzz_factor": -0.1}, {"fuzz_factor": 1}],
    "srs_reviews_memory_check": [{"stability": None}, {"difficulty": None}],
    "srs_reviews_learning_step_check": [{"learning_step": -1}],
    "srs_reviews_repetitions_check": [{"repetitions": -1}],
    "srs_settings_desired_retention_check": [
        {"desired_retention": 0.69},
        {"desired_retention": 0.98},
    ],
    "srs_settings_learning_steps_check": _bad_steps("learning_steps"),
    "srs_settings_relearning_steps_check": _bad_steps("relearning_steps"),
    "srs_settings_maximum_interval_days_check": _BAD_MAXIMUM,
    "srs_settings_timezone_check": [{"timezone": ""}],
    "srs_settings_day_cutoff_hour_check": [{"day_cutoff_hour": -1}, {"day_cutoff_hour": 24}],
    "personal_entries_headword_check": [{"headword": ""}, {"headword": "  "}],
    "personal_entries_headword_key_check": [{"headword": "\u200b"}],
    "personal_entries_spelling_check": [{"spelling": 0}],
    "personal_entries_meaning_check": [{"meaning": ""}, {"meaning": "  "}],
    "srs_reviews_duration_ms_check": _BAD_DURATION,
    "srs_reviews_interval_check": [{"interval": -1}],
    "srs_reviews_ease_factor_check": _BAD_EASE,
    "srs_reviews_stability_check": _BAD_STABILITY,
    "srs_reviews_difficulty_check": _BAD_DIFFICULTY,
}

_TRYOUTS: dict[str, list[Change]] = {
    "tryout_sessions_status_check": [{"status": "paused", "submitted_at": "2026-03-02T05:10:00Z"}],
    "tryout_sessions_expires_at_check": [{"expires_at": "2026-03-02T05:00:00Z"}],
    "tryout_sessions_submitted_at_check": [
        {"status": "completed", "submitted_at": "2026-03-02T04:59:59Z"}
    ],
    "tryout_sessions_submitted_when_ended_check": [
        {"status": "completed"},
        {"submitted_at": "2026-03-02T05:10:00Z"},
    ],
    "tryout_sessions_questions_total_check": [
        {"questions_total": 0, "questions_attempted": 0, "questions_correct": 0}
    ],
    "tryout_sessions_questions_attempted_check": [
        {"questions_attempted": 3},
        {"questions_attempted": -1, "questions_correct": -1},
    ],
    "tryout_sessions_questions_correct_check": [
        {"questions_correct": 2},
        {"questions_correct": -1},
    ],
    "tryout_sessions_score_check": [{"score": -0.01}, {"score": 100.01}],
    "tryout_answers_position_check": _BAD_POSITIONS,
    "tryout_answers_response_check": _BAD_RESPONSE,
    "tryout_answers_answered_at_check": [{"answered_at": None}, {"response": None}],
    "tryout_answers_score_check": _BAD_SCORE,
    "tryout_answers_is_correct_check": [
        {"is_correct": False, "score": 1},
        {"is_correct": True, "score": 0.5},
        {"is_correct": True, "score": None},
        {"is_correct": None, "score": 1},
    ],
    "tryout_answers_duration_ms_check": _BAD_DURATION,
}

_BILLING: dict[str, list[Change]] = {
    "subscriptions_plan_check": [{"plan": "forever"}],
    "subscriptions_status_check": [{"status": "paused"}],
    "subscriptions_ends_at_check": [{"ends_at": "2026-03-02T05:00:00Z"}],
    "subscriptions_trial_ends_at_check": [{"trial_ends_at": "2026-03-02T05:00:00Z"}],
    "subscriptions_trialing_has_end_check": [{"status": "trialing", "trial_ends_at": None}],
    "subscriptions_cancelled_at_check": [{"cancelled_at": "2026-03-02T04:59:59Z"}],
    "subscriptions_cancelled_has_time_check": [{"status": "cancelled", "cancelled_at": None}],
    "subscriptions_price_check": [{"price": 0}, {"price": -1}],
    "subscriptions_currency_check": _BAD_CURRENCY,
    "payment_transactions_amount_check": [{"amount": 0}, {"amount": -99000}],
    "payment_transactions_currency_check": _BAD_CURRENCY,
    "payment_transactions_type_check": [{"type": "gift"}],
    "payment_transactions_status_check": [{"status": "unknown"}],
    "payment_transactions_details_check": [{"details": []}, {"details": "text"}],
}

REFUSED: dict[str, list[Change]] = {**_ACCOUNTS, **_CONTENT, **_STUDIES, **_TRYOUTS, **_BILLING}
"""The changes that each CHECK must refuse, by its name."""
