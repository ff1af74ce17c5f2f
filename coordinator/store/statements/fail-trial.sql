-- Law: as succeed-trial; FAILED is transient and gets a successor (queue-retry). 1 row, or 0.
UPDATE trial
SET state = 'FAILED', ended_at = @at, changed_at = @at, device_seconds = @device_seconds,
  reason = @reason, code = @code
WHERE id = @id AND state IN ('QUEUED', 'LEASED', 'RUNNING') AND lease_id = @lease;
