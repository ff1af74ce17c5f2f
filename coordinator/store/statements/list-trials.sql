-- A page of a sweep's trials, in the order they were queued.
SELECT * FROM trial_record WHERE sweep_id = @sweep AND id > @after ORDER BY id LIMIT @limit + 0;
