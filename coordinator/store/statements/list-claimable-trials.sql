-- QUEUED trials that an agent may get, oldest first: its hardware class, devices enough, an engine it
-- may run, rested (a rest of more than ten minutes means that the clock jumped back), and not avoiding it.
SELECT * FROM trial_record
WHERE sweep_id = @sweep AND state = 'QUEUED'
  AND (@block_key IS NULL OR block_key = @block_key)
  AND hardware = @hardware AND tensor_parallel <= @device_count
  AND engine_kind IN (SELECT value FROM json_each(@engines))
  AND (not_before <= @now OR not_before > @now + 600000)
  AND (@even_if_avoided OR avoid_agent IS NULL OR avoid_agent <> @agent)
ORDER BY id LIMIT @limit + 0;
