-- What is measured next: in hand first, then the queue in its order. Verification is no choice of the strategy.
SELECT * FROM trial_record
WHERE sweep_id = @sweep AND class <> 'verify' AND state IN ('QUEUED', 'LEASED', 'RUNNING')
ORDER BY state = 'QUEUED', id LIMIT @limit + 0;
