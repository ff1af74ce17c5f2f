-- Law: as succeed-trial; INFEASIBLE is a result. 1 row, or 0.
UPDATE trial
SET state = 'INFEASIBLE', ended_at = @at, changed_at = @at, device_seconds = @device_seconds,
  reason = @reason
WHERE id = @id AND state IN ('QUEUED', 'LEASED', 'RUNNING') AND lease_id = @lease;
