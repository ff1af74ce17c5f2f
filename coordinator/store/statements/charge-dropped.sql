-- Law: a dropped trial may say once what it cost, under the token it was granted with. 1 row, or 0.
UPDATE trial SET device_seconds = @device_seconds
WHERE id = @id AND dropped = 1 AND device_seconds = 0 AND lease_id = @lease;
