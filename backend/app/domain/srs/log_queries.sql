-- Cards together with their logs.

-- name: undone
-- Whether entry r of a log was undone, by srs_reviews_target_id_key.
EXISTS (SELECT FROM srs_reviews AS u WHERE u.user_id = r.user_id AND u.target_id = r.id)

-- name: card
-- A card with all that its log decides.
id, created_at, is_suspended, buried_until, next_review_date, due_at, "interval", ease_factor,
repetitions, is_learning, learning_step, lapses, review_count, stability, difficulty,
last_reviewed_at, revision

-- name: entry
-- An entry of a log, as far as a replay depends on it.
card_id, created_at AS written_at, due_at_before, id, kind, reviewed_at, day, settings_id, rating,
fuzz_factor, duration_ms, target_id, due_at, "interval", ease_factor, repetitions, stability,
difficulty

-- name: lock_cards
SELECT {card} FROM srs_cards
WHERE user_id = :user_id AND id = ANY (:card_ids::uuid[]) ORDER BY id FOR NO KEY UPDATE

-- name: fetch_learnt
-- A range of idx_srs_cards_due; the last review of each by idx_srs_reviews_card. What was imported
-- and not reviewed since has none.
SELECT {card}, (
    SELECT fuzz_factor FROM srs_reviews AS r
    WHERE r.card_id = c.id AND r.user_id = c.user_id AND r.reviewed_at = c.last_reviewed_at
      AND r.kind = 'review'
    ORDER BY r.id DESC LIMIT 1
) AS factor
FROM srs_cards AS c
WHERE user_id = :user_id AND NOT is_learning AND stability IS NOT NULL
ORDER BY id

-- name: lock_learnt
{fetch_learnt}
FOR NO KEY UPDATE OF c

-- name: fetch_logs
-- By idx_srs_reviews_card.
SELECT {entry} FROM srs_reviews WHERE user_id = :user_id AND card_id = ANY (:card_ids::uuid[])

-- name: fetch_settings
SELECT id, desired_retention::float8, learning_steps, relearning_steps, maximum_interval_days,
       timezone, day_cutoff_hour
FROM srs_settings
WHERE user_id = :user_id AND id = ANY (:ids::uuid[])

-- name: find_last_action
-- A range of idx_srs_reviews_user: what was handed in lately was made in the last month.
SELECT id, kind, card_id, reviewed_at, action_id
FROM srs_reviews AS r
WHERE user_id = :user_id AND kind <> 'undo' AND created_at > :since AND reviewed_at > :made_since
  AND NOT {undone}
ORDER BY created_at DESC, id DESC
LIMIT 1

-- name: find_action_entries
-- One moment of idx_srs_reviews_user.
SELECT card_id, id FROM srs_reviews
WHERE user_id = :user_id AND reviewed_at = :reviewed_at AND action_id = :action_id
  AND kind <> 'undo'

-- name: lock_learner
-- Keeps two undos of one learner apart, which would otherwise both find the same action.
SELECT FROM users WHERE id = :user_id FOR NO KEY UPDATE

-- name: find_undone
SELECT t.id, t.kind, t.card_id, t.reviewed_at, t.action_id
FROM srs_reviews AS u JOIN srs_reviews AS t ON t.id = u.target_id AND t.user_id = u.user_id
WHERE u.id = :undo_id AND u.user_id = :user_id

-- name: update_card
UPDATE srs_cards
SET next_review_date = :next_review_date, due_at = :due_at, "interval" = :interval,
    ease_factor = :ease_factor, repetitions = :repetitions, is_learning = :is_learning,
    learning_step = :learning_step, lapses = :lapses, review_count = :review_count,
    stability = :stability, difficulty = :difficulty, last_reviewed_at = :last_reviewed_at,
    revision = :revision, updated_at = :now
WHERE id = :card_id AND user_id = :user_id

-- name: set_aside
UPDATE srs_cards
SET is_suspended = :is_suspended, buried_until = :buried_until, updated_at = :now
WHERE id = :card_id AND user_id = :user_id

-- name: insert_entry
INSERT INTO srs_reviews (
    id, user_id, card_id, kind, rating, target_id, reviewed_at, client_time, day, elapsed_days,
    duration_ms, fuzz_factor, settings_id, interval_before, was_learning, ease_factor_before,
    stability_before, difficulty_before, due_at_before, "interval", is_learning, learning_step,
    repetitions, ease_factor, stability, difficulty, due_at, created_at, action_id)
VALUES (
    :id, :user_id, :card_id, :kind, :rating, :target_id, :reviewed_at, :client_time, :day,
    :elapsed_days, :duration_ms, :fuzz_factor, :settings_id, :interval_before, :was_learning,
    :ease_factor_before, :stability_before, :difficulty_before, :due_at_before, :interval,
    :is_learning, :learning_step, :repetitions, :ease_factor, :stability, :difficulty, :due_at,
    :now, :action_id)

-- name: ensure_day
INSERT INTO daily_activity (id, user_id, day, created_at, updated_at)
VALUES (:id, :user_id, :day, :now, :now)
ON CONFLICT (user_id, day) DO NOTHING

-- name: add_to_day
-- Within what a day may hold, also where a card was not what its log says: the check finds both.
UPDATE daily_activity
SET reviews = greatest(0, reviews + :reviews),
    learnt_reviews = least(greatest(0, learnt_reviews + :learnt_reviews),
                           greatest(0, reviews + :reviews)),
    new_cards = least(greatest(0, new_cards + :new_cards), greatest(0, reviews + :reviews)),
    duration_ms = greatest(0, duration_ms + :duration_ms), updated_at = :now
WHERE user_id = :user_id AND day = :day
