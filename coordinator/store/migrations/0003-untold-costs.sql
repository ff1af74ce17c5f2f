-- What running trials have cost so far, as far as nobody has told it.

-- Since when a RUNNING trial has cost what its agent has not told as cut. Engine starts since then are
-- charged as such.
CREATE VIEW untold_cost AS
  SELECT trial.id AS trial_id, trial.lease_id, trial.sweep_id, trial.class, trial.tensor_parallel,
    trial.started_at AS since, (
      SELECT coalesce(sum(engine_start.device_seconds), 0) FROM engine_start
      WHERE engine_start.lease_id = trial.lease_id AND engine_start.at >= trial.started_at
    ) AS charged_device_seconds
  FROM trial
  WHERE trial.state = 'RUNNING' AND NOT EXISTS (
    SELECT 1 FROM trial_cut WHERE trial_cut.trial_id = trial.id
      AND trial_cut.lease_id = trial.lease_id AND trial_cut.at >= trial.started_at
  );
