-- One card in full, and a day of reviews. {undone} is of log_queries.sql.

-- name: fetch_history
-- The newest entries of a card's log but for undos, the newest first: a range of
-- idx_srs_reviews_card.
SELECT kind, rating, reviewed_at, day, elapsed_days, duration_ms, interval_before, "interval",
       was_learning, is_learning, stability, due_at, {undone} AS is_undone
FROM srs_reviews AS r
WHERE card_id = :card_id AND user_id = :user_id AND kind <> 'undo'
ORDER BY reviewed_at DESC, id DESC
LIMIT :most

-- name: fetch_day
-- The figures of the learner's day that `began`, and what comes next; where one `buries`, siblings
-- come on different days. A range of idx_srs_reviews_user (a day's reviews carry the day, up to
-- three days off their moment), one of idx_srs_cards_due (up to tomorrow) and the first card after.
WITH made AS (
    SELECT count(*) AS reviews, count(*) FILTER (WHERE NOT was_learning) AS learnt,
           count(*) FILTER (WHERE NOT was_learning AND rating > 1) AS remembered,
           coalesce(sum(duration_ms), 0)::bigint AS duration_ms
    FROM srs_reviews AS r
    WHERE user_id = :user_id AND day = :today AND kind = 'review'
      AND reviewed_at >= :began::timestamptz - interval '3 days' AND NOT {undone}
), soon AS (
    SELECT min(due_at) FILTER (WHERE is_learning AND review_count > 0 AND due_at > :now)
               AS next_step_at,
           count(*) FILTER (WHERE NOT is_learning OR review_count > 0) AS reviews_tomorrow,
           CASE WHEN :buries THEN count(DISTINCT coalesce(passage_id, item_id))
                    FILTER (WHERE is_learning AND review_count = 0)
                ELSE count(*) FILTER (WHERE is_learning AND review_count = 0) END AS new_tomorrow
    FROM srs_cards
    WHERE user_id = :user_id AND next_review_date <= :today::date + 1 AND NOT is_suspended
      AND (buried_until IS NULL OR buried_until <= :today::date + 1)
)
SELECT made.reviews, made.learnt, made.remembered, made.duration_ms, soon.next_step_at,
       soon.reviews_tomorrow, soon.new_tomorrow, (
           SELECT min(next_review_date) FROM srs_cards
           WHERE user_id = :user_id AND next_review_date > :today::date + 1 AND NOT is_suspended
       ) AS next_day
FROM made, soon
