-- Law: a trial that starts again under the same lease was lost once: its agent died and came back.
-- Charged until now, from when it started, and dated before the new start. 1 row, or 0 when it was not RUNNING.
INSERT INTO trial_cut (trial_id, lease_id, at, device_seconds)
SELECT trial.id, trial.lease_id, trial.started_at - 1, max(0, @at - trial.started_at) / 1000.0 * trial.tensor_parallel
FROM trial WHERE trial.id = @id AND trial.state = 'RUNNING' AND trial.lease_id = @lease;
