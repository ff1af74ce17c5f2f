-- What a trial's samples tell of shorter outputs too: no trials of their own. It stands with the
-- measurement it was taken from, so that it is kept with it, once, or not at all.

-- NULL where nothing was harvested, and in measurements from before it was.
ALTER TABLE measurement ADD COLUMN harvest TEXT CHECK (harvest IS NULL OR json_valid(harvest));

DROP VIEW trial_record;
CREATE VIEW trial_record AS
  SELECT trial.*, measurement.trial_id IS NOT NULL AS has_measurement,
    measurement.started_at AS window_started_at,
    measurement.device_seconds AS measurement_device_seconds,
    measurement.set_up_seconds, measurement.warm_up_seconds, measurement.measured_seconds,
    measurement.gap_seconds, measurement.energy_joules, measurement.repetitions,
    measurement.requests, measurement.metrics, measurement.doubts, measurement.harvest
  FROM trial LEFT JOIN measurement ON measurement.trial_id = trial.id;
