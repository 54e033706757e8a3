-- Importing cards.

-- name: find_items
-- What each name may mean. By the unique indexes of slugs; headwords by a scan of some thousand
-- words, and the learner's own words by their unique index: of several spellings the one that was
-- written, else the first.
WITH wanted AS MATERIALIZED (
    SELECT name, lancar_headword_key(name) AS key FROM unnest(:names::text[]) AS name
    WHERE lancar_headword_key(name) <> ''
)
SELECT w.name, w.key, 'vocabulary' AS item_type, v.id AS item_id, v.slug, NULL::uuid AS passage_id
FROM wanted AS w JOIN vocabulary_entries AS v ON v.slug = w.key
UNION
SELECT w.name, w.key, 'vocabulary', v.id, v.slug, NULL
FROM wanted AS w JOIN vocabulary_entries AS v ON lancar_headword_key(v.headword) = w.key
UNION
SELECT w.name, w.key, 'question', q.id, q.slug,
       CASE q.type WHEN 'reading' THEN q.id ELSE q.passage_id END
FROM wanted AS w
JOIN questions AS q ON q.slug = w.key AND q.status = 'published'
                   AND q.type NOT IN ('essay', 'speaking')
UNION
SELECT w.name, w.key, 'personal', p.id, p.headword, NULL
FROM wanted AS w CROSS JOIN LATERAL (
    SELECT id, headword FROM personal_entries
    WHERE user_id = :user_id AND headword_key = w.key
    ORDER BY headword = w.name DESC, spelling
    LIMIT 1
) AS p

-- name: ensure_card
INSERT INTO srs_cards (id, user_id, item_type, item_id, direction, passage_id, "interval",
                       next_review_date, due_at, created_at, updated_at)
VALUES (:id, :user_id, :item_type, :item_id, :direction, :passage_id, 0, :today, :now, :now, :now)
ON CONFLICT (user_id, item_type, item_id, direction) DO NOTHING

-- name: find_cards
-- By srs_cards_user_id_item_type_item_id_direction_key.
SELECT c.item_type, c.item_id, c.direction, c.id
FROM unnest(:item_types::text[], :item_ids::uuid[], :directions::text[])
     AS w (item_type, item_id, direction)
JOIN srs_cards AS c ON c.user_id = :user_id AND c.item_type = w.item_type AND c.item_id = w.item_id
                   AND c.direction = w.direction
