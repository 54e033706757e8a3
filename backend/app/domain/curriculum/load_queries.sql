-- Loading content, beside the upserts of load_queries.py. `rows` are JSON, whatever their number.

-- name: lock_loading
-- Until the end of the transaction.
SELECT pg_advisory_xact_lock(:key)

-- name: tie_to_passages
-- Run after the upsert, so that a passage may be new in the same load.
UPDATE questions SET passage_id = passage.id, updated_at = :now
FROM jsonb_to_recordset(:rows::jsonb) AS record (slug text, about text)
LEFT JOIN questions AS passage ON passage.slug = record.about
WHERE questions.slug = record.slug AND questions.author_id IS NULL
  AND questions.passage_id IS DISTINCT FROM passage.id
RETURNING questions.id

-- name: tie_to_wholes
-- The same for the parts of a lesson; returned are those that are new, to be given its progress.
UPDATE lessons SET split_from_id = whole.id, updated_at = :now
FROM jsonb_to_recordset(:rows::jsonb) AS record (slug text, split_from text)
LEFT JOIN lessons AS whole ON whole.slug = record.split_from
WHERE lessons.slug = record.slug AND lessons.author_id IS NULL
  AND lessons.split_from_id IS DISTINCT FROM whole.id
RETURNING lessons.id

-- name: find_authors_rows
-- Run after the upserts, so that a row which an author adds meanwhile is seen here or refused
-- there.
SELECT 'lesson ' || slug AS name FROM lessons
WHERE author_id IS NOT NULL AND slug = ANY (:lessons)
UNION ALL
SELECT 'question ' || slug FROM questions
WHERE author_id IS NOT NULL AND slug = ANY (:questions)
ORDER BY name

-- name: archive_lessons
-- Only lessons that came from files are retired: they have no author and stand in a unit. Authors'
-- lessons have an author, generated ones (`manage_db.py generate`) no unit.
UPDATE lessons SET status = 'archived', unit_id = NULL, updated_at = :now
WHERE unit_id IS NOT NULL AND author_id IS NULL AND slug <> ALL (:lessons)
RETURNING id

-- name: archive_paths
-- A path has no author: one that is not in the files stays while a lesson stands in it, which then
-- is an author's.
UPDATE paths SET status = 'archived', updated_at = :now
WHERE status = 'published' AND slug <> ALL (:paths)
  AND NOT EXISTS (
    SELECT FROM units JOIN lessons ON lessons.unit_id = units.id
    WHERE units.path_id = paths.id)
RETURNING id

-- name: remove_empty_units
-- A unit has no status and no learner's row points to it. Those of an archived path stay with it.
DELETE FROM units USING paths
WHERE paths.id = units.path_id AND paths.slug = ANY (:paths)
  AND units.slug <> ALL (:units)
  AND NOT EXISTS (SELECT FROM lessons WHERE lessons.unit_id = units.id)
RETURNING units.id

-- name: archive_questions
-- Run before unlink_questions: it is the link that says where a question came from. Kept are those
-- that another lesson or a question set still uses.
UPDATE questions SET status = 'archived', updated_at = :now
WHERE status <> 'archived' AND author_id IS NULL AND slug <> ALL (:questions)
  AND EXISTS (
    SELECT FROM lesson_questions AS link JOIN lessons ON lessons.id = link.lesson_id
    WHERE link.question_id = questions.id AND lessons.author_id IS NULL
      AND (lessons.slug = ANY (:lessons) OR lessons.id = ANY (:retired)))
  AND NOT EXISTS (
    SELECT FROM lesson_questions AS link JOIN lessons ON lessons.id = link.lesson_id
    WHERE link.question_id = questions.id
      AND lessons.slug <> ALL (:lessons) AND lessons.status <> 'archived')
  AND NOT EXISTS (
    SELECT FROM questionset_questions AS link WHERE link.question_id = questions.id)
RETURNING questions.id

-- name: unlink_questions
DELETE FROM lesson_questions USING lessons, questions
WHERE lessons.id = lesson_questions.lesson_id AND questions.id = lesson_questions.question_id
  AND lessons.slug = ANY (:lessons)
  AND NOT EXISTS (
    SELECT FROM jsonb_to_recordset(:rows::jsonb) AS record (lesson text, question text)
    WHERE record.lesson = lessons.slug AND record.question = questions.slug)

-- name: link_questions
INSERT INTO lesson_questions AS link (lesson_id, question_id, position, after_section,
                                      created_at, updated_at)
SELECT lessons.id, questions.id, record.position, record.after,
       :now::timestamptz, :now
FROM jsonb_to_recordset(:rows::jsonb)
     AS record (lesson text, question text, position int, after int)
JOIN lessons ON lessons.slug = record.lesson
JOIN questions ON questions.slug = record.question
ON CONFLICT (lesson_id, question_id) DO UPDATE
SET position = excluded.position, after_section = excluded.after_section,
    updated_at = excluded.updated_at
WHERE (link.position, link.after_section)
      IS DISTINCT FROM (excluded.position, excluded.after_section)

-- name: done
-- What learner p did in lesson l, with what they did before in the lesson of which it is a part.
SELECT asked_total, attempted, correct, read_total, is_complete, behind, percentage
FROM (
    SELECT count(*) AS asked_total,
           count(*) FILTER (WHERE is_right IS NOT NULL) AS attempted,
           count(*) FILTER (WHERE is_right) AS correct
    FROM lesson_questions AS link
    JOIN questions AS q ON q.id = link.question_id AND q.status = 'published'
    LEFT JOIN LATERAL (
        SELECT bool_or(a.is_correct) AS is_right FROM question_attempts AS a
        WHERE a.user_id = p.user_id AND a.question_id = q.id
          AND a.lesson_id IN (l.id, l.split_from_id)
    ) AS answers ON true
    WHERE link.lesson_id = l.id
) AS asked
CROSS JOIN LATERAL (SELECT jsonb_array_length(l.sections) AS read_total) AS shape
CROSS JOIN LATERAL (
    SELECT p.status = 'completed' OR asked_total > 0 AND attempted >= asked_total AS is_complete,
           CASE WHEN p.status = 'completed' OR attempted > 0 THEN read_total ELSE 0 END AS behind
) AS state
CROSS JOIN LATERAL (
    SELECT CASE WHEN is_complete THEN 100
           ELSE least(99, (behind + attempted) * 100 / (read_total + asked_total)) END
               AS percentage
) AS share

-- name: give_progress
-- What learners did in a lesson that was split, of each of its new parts: whoever had completed it
-- has completed each part. Answers keep the lesson that they were given in.
INSERT INTO lesson_progress (
    id, user_id, lesson_id, sections_read, questions_attempted, questions_correct,
    completion_percentage, status, completed_at, created_at, updated_at)
SELECT gen_random_uuid(), p.user_id, l.id, behind, attempted, correct, percentage,
       CASE WHEN is_complete THEN 'completed' ELSE 'in_progress' END,
       CASE WHEN is_complete THEN coalesce(p.completed_at, :now::timestamptz) END, :now, :now
FROM lessons AS l JOIN lesson_progress AS p ON p.lesson_id = l.split_from_id
CROSS JOIN LATERAL ({done}) AS done
WHERE l.id = ANY (:parts) AND (p.status = 'completed' OR attempted > 0)
ON CONFLICT (user_id, lesson_id) DO NOTHING

-- name: keep_progress
-- The same of what is left of it.
UPDATE lesson_progress AS kept
SET sections_read = least(kept.sections_read, read_total), questions_attempted = attempted,
    questions_correct = correct, completion_percentage = greatest(percentage, least(
        99, (least(kept.sections_read, read_total) + attempted) * 100
            / (read_total + asked_total))),
    status = CASE WHEN is_complete THEN 'completed' ELSE kept.status END,
    completed_at = CASE WHEN is_complete THEN coalesce(kept.completed_at, :now) END,
    updated_at = :now
FROM lesson_progress AS p JOIN lessons AS l ON l.id = p.lesson_id
CROSS JOIN LATERAL ({done}) AS done
WHERE kept.id = p.id
  AND l.id IN (SELECT split_from_id FROM lessons WHERE id = ANY (:parts))
