-- Law: QUEUED -> LEASED only under a HELD lease of the trial's own block. The lease's number is the
-- fencing token: from now on a result under an older one is refused. 1 row, or 0.
UPDATE trial
SET state = 'LEASED', lease_id = @lease, changed_at = @at, started_at = NULL,
  agent = (SELECT agent FROM lease WHERE id = @lease)
WHERE id = @id AND state = 'QUEUED' AND EXISTS (
  SELECT 1 FROM lease JOIN block ON block.id = lease.block_id
  WHERE lease.id = @lease AND lease.state = 'HELD'
    AND block.sweep_id = trial.sweep_id AND block.block_key = trial.block_key
);
