-- Importing questions: temporary tables, and what is taken out of them as refused. The questions of
-- one chunk are in stage_questions, which has the shape of `questions` with a row_number.

-- name: create_slugs
-- The first line of every slug in the file, whatever chunk it is in.
CREATE TEMP TABLE stage_slugs (slug text PRIMARY KEY, line bigint) ON COMMIT DROP

-- name: drop_stages
DROP TABLE stage_questions, stage_slugs

-- name: empty_stage
TRUNCATE stage_questions

-- name: take_out
DELETE FROM stage_questions WHERE row_number = :line

-- name: note_slugs
INSERT INTO stage_slugs (slug, line)
SELECT slug, min(row_number) FROM stage_questions GROUP BY slug
ON CONFLICT DO NOTHING

-- name: take_out_repeats
DELETE FROM stage_questions AS later USING stage_slugs AS first
WHERE first.slug = later.slug AND first.line <> later.row_number
RETURNING later.row_number AS line, later.slug, first.line AS first_line

-- name: take_out_untranslated
-- By questions_slug_key: changes that leave a published question without Indonesian.
DELETE FROM stage_questions AS new USING questions AS old
WHERE old.slug = new.slug AND old.status = 'published'
  AND coalesce(new.translations -> 'id' ->> 'stem', '') = ''
RETURNING new.row_number

-- name: fetch_changed
-- Of these slugs, those that the import of this moment added or changed; `now` is its updated_at.
SELECT slug FROM stage_slugs JOIN questions USING (slug)
WHERE slug = ANY (:slugs::text[]) AND updated_at = :now
ORDER BY slug
