-- What a sweep measured, each trial once, and of many an even part.
SELECT configuration, device_seconds, metrics FROM (
  SELECT trial.id, configuration, trial.device_seconds, metrics,
    row_number() OVER (ORDER BY trial.id) - 1 AS place, count(*) OVER () AS total
  FROM trial JOIN measurement ON measurement.trial_id = trial.id
  WHERE sweep_id = @sweep AND state = 'SUCCEEDED'
) WHERE place % ((total + @limit - 1) / @limit) = 0 ORDER BY id;
