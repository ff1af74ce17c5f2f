-- Law: what a trial cost under a lease that brought no result is charged as it is told, once per batch; a
-- trial that ended under that lease has told its cost itself. 1 row, or 0.
INSERT INTO trial_cut (trial_id, lease_id, at, device_seconds)
SELECT trial.id, lease.id, @at, @device_seconds
FROM trial JOIN lease ON lease.id = @lease JOIN block ON block.id = lease.block_id
WHERE trial.id = @id AND block.sweep_id = trial.sweep_id AND block.block_key = trial.block_key
  AND NOT (trial.ended_at IS NOT NULL AND trial.dropped = 0 AND trial.lease_id = lease.id);
