-- Law: a result that the coordinator could not take is kept once it can be read, under the token of its
-- trial; the trial stays FAILED, since its successor has gone on. 1 row, or 0.
UPDATE trial SET device_seconds = @device_seconds
WHERE id = @id AND state = 'FAILED' AND code = 'REPORT_REFUSED' AND lease_id = @lease
  AND NOT EXISTS (SELECT 1 FROM measurement WHERE trial_id = @id);
