-- Law: the trials of a lease that ended go back to the queue with the same attempt: losing an agent is
-- not the configuration's fault. They keep the token until granted again (succeed-trial).
UPDATE trial SET state = 'QUEUED', changed_at = @at, started_at = NULL
WHERE lease_id = @lease AND state IN ('LEASED', 'RUNNING');
