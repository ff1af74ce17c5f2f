-- How many trials of a sweep wait in its queue, and how many are in flight; verification left out.
SELECT
  coalesce(sum(trials) FILTER (WHERE state = 'QUEUED'), 0) AS queued,
  coalesce(sum(trials) FILTER (WHERE state IN ('LEASED', 'RUNNING')), 0) AS in_flight
FROM trial_tally WHERE sweep_id = @sweep AND purpose <> 'verify';
