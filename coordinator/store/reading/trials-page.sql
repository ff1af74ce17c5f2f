-- A page of a sweep's trials, newest first.
SELECT * FROM trial_record
WHERE sweep_id = @sweep
  AND (@purposes IS NULL OR purpose IN (SELECT value FROM json_each(@purposes)))
  AND (@states IS NULL OR state IN (SELECT value FROM json_each(@states)))
  AND (@doubted = 0 OR doubts <> '[]')
  AND (@spans IS NULL OR (state = 'SUCCEEDED' AND purpose <> 'verify' AND EXISTS (
    SELECT 1 FROM json_each(@spans) AS span
    WHERE window_started_at > span.value ->> 'after' AND window_started_at <= span.value ->> 'upTo'
      AND (span.value ->> 'agent' IS NULL OR span.value ->> 'agent' = agent))))
ORDER BY id DESC LIMIT @limit + 0 OFFSET @offset;
