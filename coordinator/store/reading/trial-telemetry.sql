-- Readings made during a trial, in time.
SELECT * FROM telemetry WHERE trial_id = @trial ORDER BY at, id LIMIT @limit + 0;
