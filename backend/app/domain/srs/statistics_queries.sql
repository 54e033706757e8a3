-- The figures about a learner's memory. {undone} is of log_queries.sql.

-- name: fetch_retention_by_day
-- From the day `since` on, which `began` then. A range of idx_srs_reviews_user. A review's day is
-- one of the time zone that the learner had then: up to three days off its moment.
SELECT day, count(*) AS reviews, count(*) FILTER (WHERE rating > 1) AS remembered
FROM srs_reviews AS r
WHERE user_id = :user_id AND reviewed_at >= :began::timestamptz - interval '3 days'
  AND day >= :since AND kind = 'review' AND NOT was_learning AND NOT {undone}
GROUP BY day
ORDER BY day

-- name: fetch_forecast
-- The days before `until` with cards due: a range of idx_srs_cards_due. As in the queue, a card is
-- there once its moment has passed, also where its day, that of another time zone, is still to
-- come. New cards by the first day on which each may be shown: where siblings are kept to different
-- days, the second a day after the first.
SELECT day, count(*) FILTER (WHERE NOT is_new) AS reviews, count(*) FILTER (WHERE is_new) AS new
FROM (
    SELECT greatest(
               CASE WHEN due_at > :now THEN next_review_date END, buried_until, :today::date
           )
           + CASE WHEN is_new AND :buries THEN (row_number() OVER (
               PARTITION BY is_new, coalesce(passage_id, item_id)
               ORDER BY next_review_date, due_at, id) - 1)::integer ELSE 0 END AS day,
           is_new
    FROM srs_cards CROSS JOIN LATERAL (SELECT is_learning AND review_count = 0) AS new (is_new)
    WHERE user_id = :user_id AND next_review_date < :until::date AND NOT is_suspended
      AND coalesce(buried_until, :today::date) < :until::date
) AS cards
WHERE day < :until::date
GROUP BY day
ORDER BY day

-- name: count_by_stage
-- All cards of one learner, by idx_srs_cards_due.
SELECT count(*) FILTER (WHERE NOT is_suspended AND review_count = 0 AND is_learning) AS new,
       count(*) FILTER (WHERE NOT is_suspended AND review_count > 0 AND is_learning) AS learning,
       count(*) FILTER (WHERE NOT is_suspended AND NOT is_learning AND "interval" < :mature)
           AS young,
       count(*) FILTER (WHERE NOT is_suspended AND NOT is_learning AND "interval" >= :mature)
           AS mature,
       count(*) FILTER (WHERE is_suspended) AS suspended
FROM srs_cards
WHERE user_id = :user_id
