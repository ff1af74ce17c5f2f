-- What trials of an engine kind on a hardware class cost, whatever their measurements are worth, the newest first.
SELECT trial.device_seconds FROM trial JOIN measurement ON measurement.trial_id = trial.id
WHERE engine_kind = @engine_kind AND hardware = @hardware AND class <> 'verify'
ORDER BY trial.id DESC LIMIT @limit + 0;
