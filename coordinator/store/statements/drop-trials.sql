-- Law: a trial that nobody wants any more is ABANDONED and dropped, which says nothing of its
-- configuration. In-flight ones only on request. One row per trial.
UPDATE trial
SET state = 'ABANDONED', ended_at = @at, changed_at = @at, reason = @reason, dropped = 1
WHERE sweep_id = @sweep AND (class = 'verify') = @verify
  AND (state = 'QUEUED' OR (@in_flight AND state IN ('LEASED', 'RUNNING')))
RETURNING id;
