-- How many trials a filter names: asked where a page is empty.
SELECT count(*) AS total FROM trial_record
WHERE sweep_id = @sweep
  AND (@purposes IS NULL OR purpose IN (SELECT value FROM json_each(@purposes)))
  AND (@states IS NULL OR state IN (SELECT value FROM json_each(@states)))
  AND (@doubted = 0 OR doubts <> '[]');
