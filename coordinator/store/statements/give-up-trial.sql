-- Law: as succeed-trial; ABANDONED with its attempts spent is never tried again. 1 row, or 0.
UPDATE trial
SET state = 'ABANDONED', ended_at = @at, changed_at = @at, device_seconds = @device_seconds,
  reason = @reason, code = @code
WHERE id = @id AND state IN ('QUEUED', 'LEASED', 'RUNNING') AND lease_id = @lease;
