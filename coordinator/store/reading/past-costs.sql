-- What trials of an engine kind on a hardware class cost, the newest first.
SELECT device_seconds FROM trial
WHERE engine_kind = @engine_kind AND hardware = @hardware AND state = 'SUCCEEDED' AND class <> 'verify'
ORDER BY id DESC LIMIT @limit;
