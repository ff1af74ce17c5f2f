-- A page of a sweep's trials, newest first.
SELECT * FROM trial_record
WHERE sweep_id = @sweep
  AND (@purposes IS NULL OR purpose IN (SELECT value FROM json_each(@purposes)))
  AND (@states IS NULL OR state IN (SELECT value FROM json_each(@states)))
  AND (@doubted = 0 OR doubts <> '[]')
ORDER BY id DESC LIMIT @limit + 0 OFFSET @offset;
