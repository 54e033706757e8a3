-- A learner's standing: activity, answers for mastery, and the course.

-- name: fetch_activity
-- One learner's rows of daily_activity, read once; their attempts of the last days by
-- idx_question_attempts_user; their cards, no more than are looked at, by idx_srs_cards_due. In a
-- perfect lesson all is right in the end but what a teacher marks, which is looked up by primary
-- keys and idx_question_attempts_user_question.
SELECT d.answers, d.right_answers, d.reviews, d.recent_reviews, d.study_ms, d.goal_days, d.days,
    d.answers_today, d.reviews_today, d.today_ms,
    (SELECT avg(is_correct::integer)::float8 FROM question_attempts
     WHERE user_id = :user_id AND attempted_at >= :since AND score IS NOT NULL) AS accuracy,
    (SELECT count(DISTINCT c.item_id) FILTER (WHERE c."interval" >= :mature_days)
     FROM (SELECT item_id, "interval" FROM srs_cards
           WHERE user_id = :user_id AND item_type <> 'question' LIMIT :most_cards) AS c
    ) AS learnt_words,
    (SELECT count(*) FROM (
        SELECT FROM personal_entries WHERE user_id = :user_id LIMIT :most_own_words) AS e
    ) AS own_words,
    (SELECT count(*) FROM lesson_progress AS p
     WHERE user_id = :user_id AND status = 'completed' AND questions_correct > 0
       AND questions_correct >= questions_attempted - (
           SELECT count(*)
           FROM lesson_questions AS lq JOIN questions AS q ON q.id = lq.question_id
           WHERE lq.lesson_id = p.lesson_id AND q.type = ANY (:marked)
             AND EXISTS (SELECT FROM question_attempts AS a
                         WHERE a.user_id = :user_id AND a.question_id = q.id
                           AND a.lesson_id IN (p.lesson_id, (SELECT split_from_id FROM lessons
                                                             WHERE id = p.lesson_id))))
    ) AS perfect_lessons
FROM (
    SELECT coalesce(sum(answers), 0) AS answers,
           coalesce(sum(correct_answers), 0) AS right_answers,
           coalesce(sum(reviews), 0) AS reviews,
           coalesce(sum(reviews) FILTER (WHERE day >= :since_day), 0) AS recent_reviews,
           coalesce(sum(duration_ms), 0)::bigint AS study_ms,
           count(*) FILTER (WHERE duration_ms >= :goal_ms) AS goal_days,
           coalesce(array_agg(day) FILTER (WHERE answers + reviews > 0), '{}') AS days,
           coalesce(sum(answers) FILTER (WHERE day = :today), 0) AS answers_today,
           coalesce(sum(reviews) FILTER (WHERE day = :today), 0) AS reviews_today,
           coalesce(sum(duration_ms) FILTER (WHERE day = :today), 0)::bigint AS today_ms
    FROM daily_activity
    WHERE user_id = :user_id
) AS d

-- name: fetch_answers
-- A range of idx_question_attempts_user, newest first up to the limit; then by primary key the
-- question, the lesson of the attempt (else the first that has the question) and the mark.
WITH latest AS MATERIALIZED (
    SELECT id, question_id, lesson_id, score, attempted_at
    FROM question_attempts
    WHERE user_id = :user_id AND attempted_at >= :since
    ORDER BY attempted_at DESC, id DESC
    LIMIT :most
), topics AS MATERIALIZED (
    SELECT asked.question_id, asked.lesson_id, l.topic,
           l.translations -> 'id' ->> 'topic' AS topic_id
    FROM (SELECT DISTINCT question_id, lesson_id FROM latest) AS asked
    LEFT JOIN lessons AS l ON l.id = coalesce(asked.lesson_id, (
        SELECT other.id
        FROM lesson_questions AS lq JOIN lessons AS other ON other.id = lq.lesson_id
        WHERE lq.question_id = asked.question_id AND other.status = 'published'
        ORDER BY other.published_at, other.id LIMIT 1))
)
SELECT a.question_id, a.attempted_at, coalesce(m.score, a.score) AS score,
       q.skill, q.difficulty, t.topic, t.topic_id
FROM latest AS a
JOIN questions AS q ON q.id = a.question_id
JOIN topics AS t
  ON t.question_id = a.question_id AND t.lesson_id IS NOT DISTINCT FROM a.lesson_id
LEFT JOIN attempt_marks AS m ON a.score IS NULL AND m.attempt_id = a.id AND m.user_id = :user_id
WHERE coalesce(m.score, a.score) IS NOT NULL
ORDER BY a.attempted_at, a.id

-- name: fetch_outline
-- Every published lesson of a unit, in teaching order.
SELECT p.id AS path_id, p.slug AS path_slug, u.id AS unit_id, u.slug AS unit_slug, u.level, l.skill,
       l.id AS lesson_id, l.slug AS lesson_slug
FROM paths AS p JOIN units AS u ON u.path_id = p.id JOIN lessons AS l ON l.unit_id = u.id
WHERE p.status = 'published' AND l.status = 'published'
ORDER BY p.position, p.slug, u.position, u.id, l.position, l.id

-- name: fetch_active_learners
-- The next learners, by id, who have practised at least once: by users_pkey.
SELECT u.id AS user_id, p.timezone, p.day_cutoff_hour AS cutoff_hour,
       p.daily_goal_minutes AS goal_minutes
FROM users AS u JOIN user_preferences AS p ON p.user_id = u.id
WHERE (:after::uuid IS NULL OR u.id > :after)
  AND (EXISTS (SELECT FROM daily_activity WHERE user_id = u.id)
       OR EXISTS (SELECT FROM lesson_progress WHERE user_id = u.id))
ORDER BY u.id
LIMIT :most
