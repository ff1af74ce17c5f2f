-- Law: an engine start that is told after its lease ended was part of what the lease’s loss estimates;
-- from now on it is charged as a start, and no second time.
UPDATE loss SET device_seconds = max(0, device_seconds - @device_seconds) WHERE lease_id = @lease;
