-- Is any trial of a sweep in its queue or in flight, verification left out.
SELECT EXISTS (
  SELECT 1 FROM trial_tally
  WHERE sweep_id = @sweep AND purpose <> 'verify' AND state IN ('QUEUED', 'LEASED', 'RUNNING')
    AND trials > 0
) AS live;
