-- Law: LEASED -> RUNNING only under the token it was granted with. 1 row, or 0.
UPDATE trial SET state = 'RUNNING', started_at = @at, changed_at = @at
WHERE id = @id AND state = 'LEASED' AND lease_id = @lease;
