-- name: fetch_lesson_vocabulary
-- The entries of a lesson in the order in which they are taught, by lessons_pkey and
-- vocabulary_entries_slug_key.
SELECT v.id
FROM lessons AS l
CROSS JOIN LATERAL jsonb_path_query(
    l.sections, '$[*] ? (@.kind == "vocabulary").entries[*]'
) WITH ORDINALITY AS entry (slug, position)
JOIN vocabulary_entries AS v ON v.slug = entry.slug #>> '{}'
WHERE l.id = :lesson_id
ORDER BY entry.position
