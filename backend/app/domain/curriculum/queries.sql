-- What a search shows.

-- name: marks
-- What stands around a match: MARK_START and MARK_STOP of queries.py.
E'StartSel=\uE000, StopSel=\uE001, '

-- name: whole
-- How ts_headline shows a short text.
'HighlightAll=true'

-- name: stretch
-- How it shows a long one.
'MaxFragments=1, ShortWord=0, MinWords=12, MaxWords=28'

-- name: fetch_hits
-- Reads at most three times the limit by primary key, and makes snippets for the rows it returns. A
-- question's snippet is its stem and options: the explanation would give the answer away.
WITH query AS (
  SELECT to_tsquery('lancar_english', :term) AS english,
         to_tsquery('lancar_indonesian', :term) AS indonesian
), found AS (
  SELECT 1 AS kind_order, 'lesson' AS kind, id, slug, level, title,
         translations -> 'id' ->> 'title' AS title_id, slug AS lesson_slug,
         NULL AS type, search_vector, array_position(:lessons::uuid[], id) AS place,
         concat_ws(' ', summary, (
           SELECT string_agg(part #>> '{}', ' ')
           FROM jsonb_path_query(sections, 'strict $.**.en') AS part)) AS english,
         concat_ws(' ', translations -> 'id' ->> 'description', (
           SELECT string_agg(part #>> '{}', ' ')
           FROM jsonb_path_query(sections, 'strict $.**.id') AS part)) AS indonesian
  FROM lessons WHERE id = ANY (:lessons)
  UNION ALL
  SELECT 2, 'vocabulary', id, slug, level, headword, meaning, NULL,
         NULL, search_vector, array_position(:words::uuid[], id), example_en, example_id
  FROM vocabulary_entries WHERE id = ANY (:words)
  UNION ALL
  SELECT 3, 'question', id, slug, level, stem, translations -> 'id' ->> 'stem', (
           SELECT lessons.slug
           FROM lesson_questions AS link JOIN lessons ON lessons.id = link.lesson_id
           WHERE link.question_id = questions.id AND lessons.status = 'published'
           ORDER BY lessons.published_at, lessons.id LIMIT 1),
         type, search_vector, array_position(:questions::uuid[], id),
         concat_ws(' ', stem, (
           SELECT string_agg(part #>> '{}', ' ')
           FROM jsonb_path_query(options, 'strict $.**.text') AS part)),
         translations -> 'id' ->> 'stem'
  FROM questions WHERE id = ANY (:questions)
), best AS (
  SELECT found.*, row_number() OVER (ORDER BY
           ts_filter(search_vector, '{"a"}') @@ (query.english || query.indonesian) DESC,
           place, kind_order
         ) AS final_place
  FROM found, query
  ORDER BY final_place LIMIT :limit
)
SELECT kind, best.id, slug, level, title, title_id, lesson_slug, type AS question_type,
       regexp_replace(CASE
         WHEN to_tsvector('lancar_indonesian', best.indonesian) @@ query.indonesian
              AND (:language = 'id'
                   OR NOT to_tsvector('lancar_english', best.english) @@ query.english)
         THEN ts_headline('lancar_indonesian', best.indonesian, query.indonesian,
                          {marks} || CASE WHEN length(best.indonesian) <= 200
                                     THEN {whole} ELSE {stretch} END)
         ELSE ts_headline('lancar_english', best.english, query.english,
                          {marks} || CASE WHEN length(best.english) <= 200
                                     THEN {whole} ELSE {stretch} END)
       END, '[*|#`]+|-{3,}|\s+', ' ', 'g') AS snippet
FROM best, query
ORDER BY final_place
