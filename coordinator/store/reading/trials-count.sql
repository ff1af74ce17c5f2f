-- How many trials a filter names. Purposes and states are counted as they change; the rest by looking.
SELECT CASE WHEN @doubted = 0 AND @spans IS NULL THEN (
  SELECT coalesce(sum(trials), 0) FROM trial_tally
  WHERE sweep_id = @sweep
    AND (@purposes IS NULL OR purpose IN (SELECT value FROM json_each(@purposes)))
    AND (@states IS NULL OR state IN (SELECT value FROM json_each(@states)))
) ELSE (
  SELECT count(*) FROM trial_record
  WHERE sweep_id = @sweep
    AND (@purposes IS NULL OR purpose IN (SELECT value FROM json_each(@purposes)))
    AND (@states IS NULL OR state IN (SELECT value FROM json_each(@states)))
    AND (@doubted = 0 OR doubts <> '[]')
    AND (@spans IS NULL OR (state = 'SUCCEEDED' AND purpose <> 'verify' AND EXISTS (
      SELECT 1 FROM json_each(@spans) AS span
      WHERE window_started_at > span.value ->> 'after' AND window_started_at <= span.value ->> 'upTo'
        AND (span.value ->> 'agent' IS NULL OR span.value ->> 'agent' = agent))))
) END AS total;
