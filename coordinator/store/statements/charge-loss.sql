-- What the running trials of a lease cost until now: charged when the lease ends before them.
INSERT INTO loss (trial_id, lease_id, device_seconds)
SELECT trial.id, trial.lease_id, max(0, @at - trial.started_at) / 1000.0 * trial.tensor_parallel
FROM trial WHERE trial.lease_id = @lease AND trial.state = 'RUNNING'
ON CONFLICT DO NOTHING;
