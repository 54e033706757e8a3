-- The queue and writing a review, the two hot paths: one statement each.

-- name: face
-- A card with the two faces of its item, in the tables of {items}.
c.id, c.item_type, c.item_id, c.direction, c.next_review_date, c.due_at, c."interval",
c.ease_factor, c.repetitions, c.is_learning, c.learning_step, c.lapses, c.review_count, c.stability,
c.difficulty, c.last_reviewed_at, c.revision,
v.slug, v.headword, v.part_of_speech, v.ipa, v.level, v.meaning, v.example_en, v.example_id,
q.stem, q.type, q.options::text, q.answer_key::text, q.explanation, q.translations::text,
(SELECT r.options ->> 'passage' FROM questions AS r WHERE r.id = q.passage_id) AS passage,
p.headword, p.meaning, p.example

-- name: items
-- One primary-key look-up of the item a card, and one of the reading that a question is about.
LEFT JOIN vocabulary_entries AS v ON c.item_type = 'vocabulary' AND v.id = c.item_id
LEFT JOIN questions AS q ON c.item_type = 'question' AND q.id = c.item_id
LEFT JOIN personal_entries AS p
       ON c.item_type = 'personal' AND p.id = c.item_id AND p.user_id = c.user_id

-- name: waits
-- A new card that may be shown, but for the limits and its siblings.
is_learning AND review_count = 0 AND NOT is_suspended AND due_at <= now

-- name: earlier
-- The new cards that wait before card c. One that is buried still holds its siblings back: whoever
-- puts a word off wants none of it today.
SELECT FROM srs_cards AS s
WHERE s.user_id = learner AND {waits}
  AND (s.next_review_date, s.due_at, s.id) < (c.next_review_date, c.due_at, c.id)

-- name: queue
-- The cards to be shown, as `queue`: all that are due, without what is buried or beyond the limits.
--
-- Learnt cards are due on the learner's day, and every card once its moment has passed. A card's
-- day is one of the time zone and cut-off that the learner had then; as clocks differ by 26 hours
-- at most and cut-offs by 23, it lies up to three days after that of today. That bounds the range.
--
-- `kind` is 0 for (re)learning, 1 for learnt and 2 for new cards; siblings share `item`. Of
-- siblings, the first by kind and order stays; none does that has one that was reviewed today. What
-- is in (re)learning always stays; steps of the next 20 minutes (3) are shown early when nothing
-- else is left, as Anki does. New cards are mixed evenly with the learnt: after each tenth of
-- today's reviews comes a tenth of today's new cards, those done already included. No day is kept
-- for a new card: those that wait longest come first, as many as today's limit leaves.
--
-- A range of idx_srs_cards_due, the day's of idx_srs_reviews_user with a look-up each, one row of
-- daily_activity, and of idx_srs_cards_new as many as today's limit, with two look-ups each.
WITH asked AS MATERIALIZED (
    SELECT :user_id::uuid AS learner, :today::date AS today, :now::timestamptz AS now,
           :new_cards_per_day::integer AS most_new, :reviews_per_day::integer AS most_reviews,
           :bury_siblings::boolean AS buries, :by_retrievability::boolean AS by_retrievability,
           :day_start::timestamptz AS day_start
), done AS MATERIALIZED (
    SELECT coalesce(max(learnt_reviews), 0) AS reviews, coalesce(max(new_cards), 0) AS news
    FROM asked JOIN daily_activity ON user_id = learner AND day = today
), seen AS MATERIALIZED (
    SELECT coalesce(c.passage_id, c.item_id) AS item, count(DISTINCT c.id) AS cards
    FROM asked
    JOIN srs_reviews AS r ON r.user_id = learner AND r.reviewed_at >= day_start
    JOIN srs_cards AS c ON c.id = r.card_id AND c.user_id = learner
    WHERE buries AND c.last_reviewed_at >= day_start
    GROUP BY item
), due AS MATERIALIZED (
    SELECT id, coalesce(passage_id, item_id) AS item, next_review_date, due_at,
           CASE WHEN NOT is_learning THEN 1 WHEN due_at <= now THEN 0 ELSE 3 END AS kind,
           CASE WHEN by_retrievability AND NOT is_learning
                THEN (next_review_date - "interval" - today) / stability ELSE 0 END AS urgency,
           (last_reviewed_at IS NOT NULL AND last_reviewed_at >= day_start)::integer AS is_seen
    FROM asked JOIN srs_cards ON user_id = learner AND next_review_date <= today + 3
    WHERE (review_count > 0 OR NOT is_learning) AND NOT is_suspended
      AND (due_at <= now + interval '20 minutes' AND (is_learning OR due_at <= now)
           OR NOT is_learning AND next_review_date <= today)
      AND (buried_until IS NULL OR buried_until <= today)
), placed AS (
    SELECT *, row_number() OVER (
        PARTITION BY item ORDER BY kind, urgency, next_review_date, due_at, id
    ) AS place
    FROM due
), fresh AS (
    SELECT id, row_number() OVER (ORDER BY next_review_date, due_at, id) AS number
    FROM asked, done, LATERAL (
        SELECT c.id, c.next_review_date, c.due_at
        FROM srs_cards AS c
        WHERE c.user_id = learner AND {waits}
          AND (c.buried_until IS NULL OR c.buried_until <= today)
          AND (NOT buries
               OR coalesce(c.passage_id, c.item_id) NOT IN (SELECT item FROM due WHERE kind < 3)
              AND coalesce(c.passage_id, c.item_id) NOT IN (SELECT item FROM seen)
              AND NOT EXISTS ({earlier} AND s.item_type = c.item_type AND s.item_id = c.item_id)
              AND NOT EXISTS ({earlier} AND s.passage_id = c.passage_id))
        ORDER BY c.next_review_date, c.due_at, c.id
        LIMIT greatest(0, most_new - news)
    ) AS waiting
), kept AS (
    SELECT id, kind, row_number() OVER (
        PARTITION BY kind ORDER BY urgency, next_review_date, due_at, id
    ) AS number
    FROM asked, placed LEFT JOIN seen USING (item)
    WHERE NOT buries OR kind IN (0, 3) OR place = 1 AND coalesce(cards, 0) <= is_seen
    UNION ALL
    SELECT id, 2, number FROM fresh
), now_due AS (
    SELECT kept.*, CASE kind WHEN 1 THEN reviews WHEN 2 THEN news ELSE 0 END AS so_far,
           count(*) OVER (PARTITION BY kind) AS of_kind
    FROM kept, done, asked
    WHERE kind IN (0, 2) OR kind = 1 AND number <= most_reviews - reviews
), queue AS (
    SELECT * FROM now_due
    UNION ALL
    SELECT id, 0, number, 0, 1 FROM kept WHERE kind = 3 AND NOT EXISTS (SELECT FROM now_due)
)

-- name: due_queue
-- The next cards in turn, each with its item; with the first, how many cards there are in all and
-- how many are due on each of the next days (by days from today, as JSON).
{queue}, page AS (
    SELECT id, count(*) FILTER (WHERE kind = 2) OVER () AS new,
           count(*) FILTER (WHERE kind = 0) OVER () AS learning,
           count(*) FILTER (WHERE kind = 1) OVER () AS review,
           row_number() OVER (
               ORDER BY kind > 0, (so_far + number - 0.5) / (so_far + of_kind), kind, number
           ) AS turn
    FROM queue
    ORDER BY turn
    LIMIT :most
), load AS (
    SELECT next_review_date - today AS ahead, count(*) AS cards
    FROM asked JOIN srs_cards ON user_id = learner
     AND next_review_date BETWEEN today + 1 AND today + :days_ahead::integer
    GROUP BY ahead
)
SELECT {face}, new, learning, review,
       CASE turn WHEN 1 THEN (SELECT json_object_agg(ahead, cards) FROM load)::text END AS loads
FROM page JOIN srs_cards AS c ON c.id = page.id AND c.user_id = :user_id
{items}
ORDER BY turn

-- name: count_due
{queue}
SELECT count(*) FILTER (WHERE kind = 2) AS new, count(*) FILTER (WHERE kind = 0) AS learning,
       count(*) FILTER (WHERE kind = 1) AS review
FROM queue

-- name: find_card
-- A card of this learner, by srs_cards_pkey, whether it is due or not.
SELECT {face} FROM srs_cards AS c {items} WHERE c.id = :card_id AND c.user_id = :user_id

-- name: count_reviewed
-- A row of daily_activity.
SELECT reviews FROM daily_activity WHERE user_id = :user_id AND day = :day

-- name: write_review
-- The card by its primary key, guarded by its owner, by the number of its log's entries, none of
-- which may be of this moment or later (idx_srs_reviews_card), and by being no younger than what a
-- device's clock says; then one row of the log, and the day. The statement is the transaction.
WITH card AS (
    UPDATE srs_cards
    SET "interval" = :interval, is_learning = :is_learning, learning_step = :learning_step,
        repetitions = :repetitions, ease_factor = :ease_factor, stability = :stability,
        difficulty = :difficulty, due_at = :due_at, last_reviewed_at = :reviewed_at,
        updated_at = :now, next_review_date = :next_review_date, lapses = :lapses,
        review_count = :review_count, revision = :revision
    WHERE id = :card_id AND user_id = :user_id AND revision = :revision - 1
      AND (:client_time::timestamptz IS NULL OR created_at <= :reviewed_at)
      AND NOT EXISTS (
          SELECT FROM srs_reviews WHERE card_id = :card_id AND reviewed_at >= :reviewed_at
      )
    RETURNING id
), activity AS (
    INSERT INTO daily_activity AS a (id, user_id, day, reviews, learnt_reviews, new_cards,
                                     duration_ms, created_at, updated_at)
    SELECT :activity_id::uuid, :user_id, :day::date, 1, :learnt_reviews::integer,
           :new_cards::integer, coalesce(:duration_ms::integer, 0), :now, :now
    FROM card
    ON CONFLICT (user_id, day) DO UPDATE
    SET reviews = a.reviews + 1, learnt_reviews = a.learnt_reviews + excluded.learnt_reviews,
        new_cards = a.new_cards + excluded.new_cards,
        duration_ms = a.duration_ms + excluded.duration_ms, updated_at = excluded.updated_at
)
INSERT INTO srs_reviews (
    id, user_id, card_id, kind, rating, target_id, reviewed_at, client_time, day, elapsed_days,
    duration_ms, fuzz_factor, settings_id, interval_before, was_learning, ease_factor_before,
    stability_before, difficulty_before, due_at_before, "interval", is_learning, learning_step,
    repetitions, ease_factor, stability, difficulty, due_at, created_at)
SELECT :id::uuid, :user_id, :card_id, :kind::text, :rating::smallint, :target_id::uuid,
       :reviewed_at, :client_time, :day, :elapsed_days::integer, :duration_ms,
       :fuzz_factor::float8, :settings_id::uuid, :interval_before::integer, :was_learning::boolean,
       :ease_factor_before::numeric, :stability_before::float8, :difficulty_before::float8,
       :due_at_before::timestamptz, :interval, :is_learning, :learning_step, :repetitions,
       :ease_factor, :stability, :difficulty, :due_at, :now
FROM card
RETURNING id
