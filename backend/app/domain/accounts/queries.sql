-- name: account
-- The columns of `Account` from email on; the newest version of its settings is the end of a range
-- of srs_settings_user_id_id_idx.
u.email, u.full_name, u.role, u.current_level AS level, p.ui_language, p.theme,
p.timezone, p.day_cutoff_hour, p.desired_retention::float8, p.new_cards_per_day,
p.reviews_per_day, p.learning_steps, p.relearning_steps, p.maximum_interval_days,
p.review_order, p.bury_siblings, p.daily_goal_minutes, p.show_streak,
p.speech_enabled, u.is_premium,
(SELECT id FROM srs_settings WHERE user_id = u.id ORDER BY id DESC LIMIT 1) AS srs_settings_id

-- name: find_session
-- The hot path of every signed-in request: four rows by user_sessions_token_hash_key, users_pkey,
-- user_preferences_user_id_key and srs_settings_user_id_id_idx.
SELECT u.id AS user_id, s.id AS session_id, {account}, s.expires_at
FROM user_sessions AS s
JOIN users AS u ON u.id = s.user_id AND u.is_active
JOIN user_preferences AS p ON p.user_id = u.id
WHERE s.token_hash = :token_hash

-- name: find_learner
-- By users_email_key. It has no session: its own id stands there.
SELECT u.id AS user_id, u.id AS session_id, {account}
FROM users AS u JOIN user_preferences AS p ON p.user_id = u.id
WHERE u.email = :email

-- name: add_settings_version
INSERT INTO srs_settings (id, user_id, desired_retention, learning_steps, relearning_steps,
                          maximum_interval_days, timezone, day_cutoff_hour, created_at)
SELECT :id::uuid, user_id, desired_retention, learning_steps, relearning_steps,
       maximum_interval_days, timezone, day_cutoff_hour, :now::timestamptz
FROM user_preferences
WHERE user_id = :user_id
