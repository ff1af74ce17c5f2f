-- How many trials a filter names. Purposes and states are counted as they change; the rest by looking.
SELECT CASE WHEN @doubted = 0 THEN (
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
) END AS total;
