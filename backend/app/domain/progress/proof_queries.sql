-- Progress and days beside the log of attempts.

-- name: sample_unproven_progress
-- A learner's progress must be borne out by the log of attempts: the counts never exceed it. The
-- attempts of each sampled row are read by an index that begins with user_id.
SELECT p.user_id, p.lesson_id
FROM lesson_progress AS p TABLESAMPLE SYSTEM (:percent)
LEFT JOIN LATERAL (
    SELECT count(DISTINCT question_id) AS attempted,
           count(DISTINCT question_id) FILTER (WHERE is_correct) AS correct
    FROM question_attempts
    WHERE user_id = p.user_id
      AND lesson_id IN (p.lesson_id, (SELECT split_from_id FROM lessons WHERE id = p.lesson_id))
) AS log ON true
WHERE p.questions_attempted > log.attempted OR p.questions_correct > log.correct
LIMIT :sample

-- name: sample_unproven_activity
-- A learner's days must add up to the log of attempts. In all, and not day by day: an attempt does
-- not say which of the learner's days it was. (Reviews do: they are checked with their cards.)
SELECT u.id
FROM (SELECT id FROM users TABLESAMPLE SYSTEM (:percent) LIMIT :sample) AS u
CROSS JOIN LATERAL (
    SELECT coalesce(sum(answers), 0) AS answers, coalesce(sum(correct_answers), 0) AS correct
    FROM daily_activity WHERE user_id = u.id
) AS days
CROSS JOIN LATERAL (
    SELECT count(*) AS answers, count(*) FILTER (WHERE is_correct) AS correct
    FROM question_attempts WHERE user_id = u.id
) AS log
WHERE (days.answers, days.correct) <> (log.answers, log.correct)
ORDER BY u.id

-- name: estimate_rows
SELECT reltuples FROM pg_class WHERE oid = to_regclass(:name)
