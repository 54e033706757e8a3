-- name: fetch_latest_answers
-- What the latest answers in lessons are worth, by idx_question_attempts_user_question: lessons'
-- questions, and the learner's attempts in them.
SELECT DISTINCT ON (lq.lesson_id, a.question_id)
       lq.lesson_id, a.question_id, a.id AS attempt_id, coalesce(m.score, a.score)::float8 AS score
FROM lesson_questions AS lq
JOIN lessons AS l ON l.id = lq.lesson_id
JOIN questions AS q ON q.id = lq.question_id AND q.status = 'published'
JOIN question_attempts AS a
  ON a.user_id = :user_id AND a.question_id = lq.question_id
 AND a.lesson_id IN (lq.lesson_id, l.split_from_id)
LEFT JOIN attempt_marks AS m ON m.attempt_id = a.id AND m.user_id = a.user_id
WHERE lq.lesson_id = ANY (:lesson_ids::uuid[])
ORDER BY lq.lesson_id, a.question_id, a.attempted_at DESC, a.id DESC
