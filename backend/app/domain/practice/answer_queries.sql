-- Answering. Submitting an answer is hot: one statement is the whole transaction.

-- name: lesson_question_ids
-- The published questions of a lesson, by lesson_questions_pkey and questions_pkey.
ARRAY(
    SELECT lq.question_id
    FROM lesson_questions AS lq JOIN questions AS p ON p.id = lq.question_id
    WHERE lq.lesson_id = :lesson_id AND p.status = 'published'
    ORDER BY lq.question_id
)

-- name: lesson_places
-- How many sections come before each of them, in the same order.
ARRAY(
    SELECT lq.after_section
    FROM lesson_questions AS lq JOIN questions AS p ON p.id = lq.question_id
    WHERE lq.lesson_id = :lesson_id AND p.status = 'published'
    ORDER BY lq.question_id
)

-- name: graded
-- What grading needs of a question, and what is told after it.
q.id, q.updated_at, q.answer_key::text, q.options::text, q.explanation,
q.translations -> 'id' ->> 'explanation' AS explanation_id,
CASE q.type WHEN 'reading' THEN q.id ELSE q.passage_id END AS passage_id

-- name: find_asked
-- Primary-key look-ups of the question and its lesson, and the lesson's questions.
SELECT {graded},
       l.updated_at AS lesson_updated_at, jsonb_array_length(l.sections) AS sections_total,
       {lesson_question_ids} AS lesson_questions, {lesson_places} AS lesson_places,
       l.split_from_id
FROM questions AS q
LEFT JOIN lessons AS l ON l.id = :lesson_id AND l.status = 'published'
WHERE q.id = :question_id AND q.status = 'published'

-- name: write_attempt
-- First the guard: is the content still what the answer was graded by? Then one row each of
-- attempts, progress, cards and days. What was answered in the lesson before is read by
-- idx_question_attempts_user_question. Counts never go back: an answer that another device is
-- writing at this moment is not seen before the next one. The time of an answer in a review is
-- counted by the review, and a question that was withdrawn since its card was made is still asked.
-- Of a lesson that is a part of another, what was answered in that counts as well.
WITH asked AS MATERIALIZED (
    SELECT FROM questions AS q
    WHERE q.id = :question_id AND (q.status = 'published' OR :context = 'review')
      AND q.updated_at = :question_updated_at
      AND (:lesson_id::uuid IS NULL OR :lesson_questions::uuid[] = {lesson_question_ids}
           AND EXISTS (SELECT FROM lessons
                       WHERE id = :lesson_id AND status = 'published'
                         AND updated_at = :lesson_updated_at))
), attempt AS (
    INSERT INTO question_attempts (id, user_id, question_id, lesson_id, context, response,
                                   is_correct, score, duration_ms, shuffle_seed, attempted_at)
    SELECT :attempt_id::uuid, :user_id::uuid, :question_id, :lesson_id, :context::text,
           :response::text::jsonb, coalesce(:score::numeric = 1, false), :score,
           :duration_ms::integer, :shuffle_seed::integer, :now::timestamptz
    FROM asked
    ON CONFLICT DO NOTHING
    RETURNING question_id, is_correct
), answered AS (
    SELECT count(*)::integer AS attempted, (count(*) FILTER (WHERE is_right))::integer AS correct
    FROM (
        SELECT question_id, bool_or(is_correct) AS is_right
        FROM (
            SELECT question_id, is_correct
            FROM question_attempts
            WHERE user_id = :user_id AND question_id = ANY (:lesson_questions)
              AND lesson_id IN (:lesson_id, :split_from::uuid)
            UNION ALL
            SELECT question_id, is_correct FROM attempt
        ) AS attempts
        GROUP BY question_id
    ) AS questions
), progress AS (
    INSERT INTO lesson_progress AS p (
        id, user_id, lesson_id, sections_read, questions_attempted, questions_correct,
        time_spent_seconds, completion_percentage, status, completed_at, created_at, updated_at)
    SELECT :progress_id::uuid, :user_id, :lesson_id, read, attempted, correct,
           coalesce(:duration_ms, 0) / 1000, percentage,
           CASE percentage WHEN 100 THEN 'completed' ELSE 'in_progress' END,
           CASE percentage WHEN 100 THEN :now END, :now, :now
    FROM attempt, answered, LATERAL (
        SELECT CASE WHEN attempted >= cardinality(:lesson_questions) THEN :sections_total::integer
               ELSE least(:sections_total, greatest(:sections_behind::integer, (
                   SELECT sections_read FROM lesson_progress
                   WHERE user_id = :user_id AND lesson_id = :lesson_id))) END
    ) AS behind (read), LATERAL (
        SELECT CASE WHEN attempted >= cardinality(:lesson_questions) THEN 100
               ELSE (:percentages::integer[])[read + attempted + 1] END
    ) AS done (percentage)
    WHERE :lesson_id IS NOT NULL
    ON CONFLICT (user_id, lesson_id) DO UPDATE
    SET sections_read = greatest(p.sections_read, excluded.sections_read),
        questions_attempted = greatest(p.questions_attempted, excluded.questions_attempted),
        questions_correct = greatest(p.questions_correct, excluded.questions_correct),
        time_spent_seconds = p.time_spent_seconds + excluded.time_spent_seconds,
        completion_percentage = greatest(p.completion_percentage, excluded.completion_percentage),
        status = CASE 'completed' WHEN p.status THEN p.status ELSE excluded.status END,
        completed_at = coalesce(p.completed_at, excluded.completed_at),
        updated_at = excluded.updated_at
    RETURNING questions_attempted, questions_correct, completion_percentage, status,
              coalesce(completed_at = :now, false) AS just_completed
), card AS (
    INSERT INTO srs_cards (id, user_id, item_type, item_id, passage_id, "interval",
                           next_review_date, due_at, created_at, updated_at)
    SELECT :card_id::uuid, :user_id, 'question', question_id, :passage_id::uuid, 0,
           :card_day::date, :card_due_at::timestamptz,
           :now, :now
    FROM attempt
    WHERE :card_due_at IS NOT NULL
    ON CONFLICT (user_id, item_type, item_id, direction) DO NOTHING
), day AS (
    INSERT INTO daily_activity AS d (id, user_id, day, answers, correct_answers, duration_ms,
                                     created_at, updated_at)
    SELECT :activity_id::uuid, :user_id, :today::date, 1, is_correct::integer,
           CASE :context WHEN 'review' THEN 0 ELSE coalesce(:duration_ms, 0) END, :now, :now
    FROM attempt
    ON CONFLICT (user_id, day) DO UPDATE
    SET answers = d.answers + 1,
        correct_answers = d.correct_answers + excluded.correct_answers,
        duration_ms = d.duration_ms + excluded.duration_ms,
        updated_at = excluded.updated_at
)
SELECT EXISTS (SELECT FROM asked) AS is_current, EXISTS (SELECT FROM attempt) AS is_written,
       CASE WHEN :counts_run THEN {run_before} END AS run_before, progress.*
FROM (SELECT) AS one LEFT JOIN progress ON true

-- name: run_before
-- How many graded answers before this one were right in a row, within two hours: the learner's
-- latest nine by idx_question_attempts_user.
(SELECT count(*) FILTER (WHERE all_right)
 FROM (
     SELECT bool_and(is_correct) OVER (ORDER BY attempted_at DESC, id DESC) AS all_right
     FROM (
         SELECT is_correct, attempted_at, id FROM question_attempts AS r
         WHERE r.user_id = :user_id AND r.score IS NOT NULL
           AND r.attempted_at BETWEEN :now - interval '2 hours' AND :now
         ORDER BY attempted_at DESC, id DESC
         LIMIT 9
     ) AS latest
 ) AS rights)

-- name: run
-- How many graded answers in a row, this one the last, were right within two hours: the learner's
-- latest ten by idx_question_attempts_user.
(SELECT count(*) FILTER (WHERE all_right)
 FROM (
     SELECT bool_and(is_correct) OVER (ORDER BY attempted_at DESC, id DESC) AS all_right
     FROM (
         SELECT is_correct, attempted_at, id FROM question_attempts AS r
         WHERE r.user_id = a.user_id AND r.score IS NOT NULL
           AND r.attempted_at BETWEEN a.attempted_at - interval '2 hours' AND a.attempted_at
         ORDER BY attempted_at DESC, id DESC
         LIMIT 10
     ) AS latest
 ) AS rights) AS run

-- name: find_reviewed
-- The question of a card of this learner, published or not, by two primary keys.
SELECT {graded}, q.stem
FROM srs_cards AS c JOIN questions AS q ON q.id = c.item_id
WHERE c.id = :card_id AND c.user_id = :user_id AND c.item_type = 'question'

-- name: find_attempt
SELECT {graded}, a.id AS attempt_id, a.lesson_id, a.response::text, a.score, a.duration_ms,
       a.shuffle_seed, a.attempted_at, m.score AS mark, {run},
       p.questions_attempted, p.questions_correct, p.completion_percentage, p.status
FROM question_attempts AS a
JOIN questions AS q ON q.id = a.question_id
LEFT JOIN attempt_marks AS m ON m.attempt_id = a.id AND m.user_id = a.user_id
LEFT JOIN lesson_progress AS p ON p.user_id = a.user_id AND p.lesson_id = a.lesson_id
WHERE a.id = :attempt_id AND a.user_id = :user_id

-- name: find_shown
-- One question by its key; the learner's attempts at it by idx_question_attempts_user_question.
SELECT q.id, q.type, q.stem, q.translations -> 'id' ->> 'stem' AS stem_id, q.level, q.skill,
       q.difficulty, q.answer_key::text, q.options::text,
       (SELECT r.options ->> 'passage' FROM questions AS r WHERE r.id = q.passage_id) AS passage,
       (SELECT count(*) FROM question_attempts AS a
        WHERE a.user_id = :user_id AND a.question_id = q.id) AS attempts
FROM questions AS q
WHERE q.id = :question_id AND q.status = 'published'
