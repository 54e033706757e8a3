-- The proof that cards and days are what the logs say. {card} and {entry} are of log_queries.sql.

-- name: next_learners
-- By users_pkey.
SELECT id FROM users WHERE :after::uuid IS NULL OR id > :after ORDER BY id LIMIT :most

-- name: fetch_cards
-- By idx_srs_cards_due.
SELECT {card} FROM srs_cards WHERE user_id = :user_id ORDER BY id

-- name: lock_cards
{fetch_cards}
FOR NO KEY UPDATE

-- name: fetch_logs
-- By idx_srs_reviews_user.
SELECT {entry} FROM srs_reviews WHERE user_id = :user_id

-- name: fetch_days
-- By daily_activity_user_id_day_key.
SELECT day, reviews, learnt_reviews, new_cards FROM daily_activity
WHERE user_id = :user_id AND reviews > 0

-- name: set_day
INSERT INTO daily_activity (id, user_id, day, reviews, learnt_reviews, new_cards, created_at,
                            updated_at)
VALUES (:id, :user_id, :day, :reviews, :learnt_reviews, :new_cards, :now, :now)
ON CONFLICT (user_id, day) DO UPDATE
SET reviews = excluded.reviews, learnt_reviews = excluded.learnt_reviews,
    new_cards = excluded.new_cards, updated_at = excluded.updated_at
