-- What the running trials of a lease cost until now: charged when the lease ends before them. What is
-- known to have been cut since, or went into starting engines, is charged there.
INSERT INTO loss (trial_id, lease_id, device_seconds)
SELECT trial.id, trial.lease_id, max(0,
  max(0, @at - trial.started_at) / 1000.0 * trial.tensor_parallel
  - (SELECT coalesce(sum(engine_start.device_seconds), 0) FROM engine_start
     WHERE engine_start.lease_id = trial.lease_id AND engine_start.at >= trial.started_at)
)
FROM trial WHERE trial.lease_id = @lease AND trial.state = 'RUNNING' AND NOT EXISTS (
  SELECT 1 FROM trial_cut WHERE trial_id = trial.id AND lease_id = trial.lease_id
    AND trial_cut.at >= trial.started_at
)
ON CONFLICT DO NOTHING;
