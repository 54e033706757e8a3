-- name: is_owned
-- By recordings_pkey.
SELECT EXISTS (SELECT FROM recordings WHERE id = :recording_id AND user_id = :user_id)
