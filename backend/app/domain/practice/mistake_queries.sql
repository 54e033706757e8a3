-- The mistake book.

-- name: says_something
-- Whether an answer says anything: some text, or a verdict. One that was skipped says nothing.
jsonb_path_exists(response - 'type', '$.** ? ((@.type() == "string" && @ like_regex "\\S")
                                              || @.type() == "boolean")')

-- name: recent
-- The latest answers, by a range of idx_question_attempts_user.
SELECT id, question_id, score, attempted_at
FROM (
    SELECT id, question_id, score, attempted_at, response
    FROM question_attempts
    WHERE user_id = :user_id AND attempted_at >= :since AND attempted_at < :until
      AND context <> 'placement' AND score IS NOT NULL
    ORDER BY attempted_at DESC, id DESC
    LIMIT :most_answers
) AS latest
WHERE score = 1 OR {says_something}

-- name: wrong
-- Of each question the last answer that was not right.
SELECT DISTINCT ON (question_id) id, question_id, attempted_at
FROM recent
WHERE score < 1
ORDER BY question_id, attempted_at DESC, id DESC

-- name: mended
-- A mistake is mended once a later answer was right.
SELECT question_id, max(attempted_at) AS at FROM recent WHERE score = 1 GROUP BY question_id

-- name: book
-- By its unique key the card of each. What has none can be practised nowhere, so that it is no
-- mistake of the book.
SELECT w.id AS attempt_id, w.question_id, w.attempted_at,
       coalesce(m.at > w.attempted_at, false) AS is_mended,
       c.id AS card_id, c.is_suspended, c.buried_until, c.last_reviewed_at
FROM wrong AS w
JOIN questions AS q
  ON q.id = w.question_id AND q.status = 'published' AND q.type <> ALL (:marked)
JOIN srs_cards AS c
  ON c.user_id = :user_id AND c.item_type = 'question' AND c.item_id = w.question_id
 AND c.direction = 'recognition'
LEFT JOIN mended AS m ON m.question_id = w.question_id

-- name: fetch_mistakes
-- The latest first, with the answer by its primary key.
WITH recent AS MATERIALIZED ({recent}), wrong AS ({wrong}), mended AS ({mended}), book AS ({book})
SELECT b.attempt_id, b.question_id, b.attempted_at, a.response::text, b.is_mended, b.card_id,
       b.is_suspended, b.buried_until, b.last_reviewed_at
FROM book AS b
JOIN question_attempts AS a ON a.id = b.attempt_id AND a.user_id = :user_id
ORDER BY b.attempted_at DESC, b.attempt_id DESC
LIMIT :most

-- name: count_open
WITH recent AS MATERIALIZED ({recent}), wrong AS ({wrong}), mended AS ({mended}), book AS ({book})
SELECT count(*) FROM book WHERE NOT is_mended
