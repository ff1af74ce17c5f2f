-- Law: only under the token it was last granted with, once. A trial whose lease ended is still its
-- holder's until it is granted again, so that a late result is not lost. 1 row, or 0.
UPDATE trial
SET state = 'SUCCEEDED', ended_at = @at, changed_at = @at, device_seconds = @device_seconds
WHERE id = @id AND state IN ('QUEUED', 'LEASED', 'RUNNING') AND lease_id = @lease;
