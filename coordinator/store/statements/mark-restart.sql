-- Law: a RUNNING trial runs anew from now on, after restart-trial. 1 row, or 0 when it was not RUNNING.
UPDATE trial SET started_at = @at WHERE id = @id AND state = 'RUNNING' AND lease_id = @lease;
