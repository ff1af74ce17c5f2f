-- A RUNNING trial runs anew from now on.
UPDATE trial SET started_at = @at WHERE id = @id AND state = 'RUNNING' AND lease_id = @lease;
