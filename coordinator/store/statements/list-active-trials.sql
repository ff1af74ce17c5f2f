-- Trials that a lease has been given and that have not ended, oldest first.
SELECT * FROM trial_record WHERE lease_id = @lease AND state IN ('LEASED', 'RUNNING') ORDER BY id;
