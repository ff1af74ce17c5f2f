-- What is asked again and again is counted as it happens, by the transaction that makes it so: no answer
-- grows with the trials that a sweep has had. `fmwork doctor` counts anew and compares.

-- How a trial ended, as far as its state does not say.
ALTER TABLE trial ADD COLUMN fate TEXT GENERATED ALWAYS AS (
  CASE WHEN dropped = 1 THEN 'dropped' WHEN code = 'INVALID' THEN 'invalid' ELSE '' END
) VIRTUAL;

CREATE TABLE trial_tally (
  sweep_id INTEGER NOT NULL REFERENCES sweep (id),
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  fate TEXT NOT NULL,
  trials INTEGER NOT NULL CHECK (trials >= 0),
  -- Those that cost something.
  paid INTEGER NOT NULL CHECK (paid >= 0),
  PRIMARY KEY (sweep_id, purpose, state, fate)
) STRICT, WITHOUT ROWID;

-- Verification left out.
CREATE TABLE sweep_tally (
  sweep_id INTEGER PRIMARY KEY REFERENCES sweep (id),
  -- Configurations, not trials.
  measured INTEGER NOT NULL DEFAULT 0,
  set_up_seconds REAL NOT NULL DEFAULT 0,
  warm_up_seconds REAL NOT NULL DEFAULT 0,
  measured_seconds REAL NOT NULL DEFAULT 0,
  gap_seconds REAL NOT NULL DEFAULT 0,
  energy_joules REAL NOT NULL DEFAULT 0,
  -- Trials that cost something and whose energy is known.
  with_energy INTEGER NOT NULL DEFAULT 0,
  last_result_at REAL,
  engine_starts INTEGER NOT NULL DEFAULT 0,
  start_up_seconds REAL NOT NULL DEFAULT 0,
  start_device_seconds REAL NOT NULL DEFAULT 0,
  first_grant_at REAL
) STRICT;

-- Trials, lost leases, cut trials and engine starts; verification left out.
CREATE TABLE device_tally (
  sweep_id INTEGER NOT NULL REFERENCES sweep (id),
  hardware TEXT NOT NULL,
  device_seconds REAL NOT NULL,
  PRIMARY KEY (sweep_id, hardware)
) STRICT, WITHOUT ROWID;

-- The queue in its order, what is live, and what was measured: each by its own few rows.
CREATE INDEX queue_of_hardware ON trial (sweep_id, hardware, id) WHERE state = 'QUEUED';
CREATE INDEX live_trials ON trial (sweep_id, id)
  WHERE class <> 'verify' AND state IN ('QUEUED', 'LEASED', 'RUNNING');
CREATE INDEX running_trials ON trial (lease_id) WHERE state = 'RUNNING';
CREATE INDEX measured_configurations ON trial (sweep_id, configuration_index)
  WHERE state = 'SUCCEEDED' AND class <> 'verify';

-- What an engine cost before, whatever sweep it was in.
CREATE INDEX costs_of_engine ON trial (engine_kind, hardware, id) WHERE class <> 'verify';

-- What there is already.
INSERT INTO trial_tally
  SELECT sweep_id, purpose, state, fate, count(*), total(device_seconds > 0) FROM trial
  GROUP BY sweep_id, purpose, state, fate;
INSERT INTO sweep_tally
  SELECT sweep.id,
    (SELECT count(DISTINCT configuration_index) FROM trial
     WHERE sweep_id = sweep.id AND class <> 'verify' AND state = 'SUCCEEDED'),
    total(measurement.set_up_seconds), total(measurement.warm_up_seconds),
    total(measurement.measured_seconds), total(measurement.gap_seconds),
    total(measurement.energy_joules),
    count(measurement.energy_joules) FILTER (WHERE trial.device_seconds > 0),
    (SELECT max(ended_at) FROM trial WHERE sweep_id = sweep.id AND class <> 'verify' AND dropped = 0),
    (SELECT count(*) FROM engine_start JOIN lease ON lease.id = engine_start.lease_id
     JOIN block ON block.id = lease.block_id WHERE block.sweep_id = sweep.id AND charged = 1),
    (SELECT total(start_up_seconds) FROM engine_start JOIN lease ON lease.id = engine_start.lease_id
     JOIN block ON block.id = lease.block_id WHERE block.sweep_id = sweep.id AND charged = 1),
    (SELECT total(device_seconds) FROM engine_start JOIN lease ON lease.id = engine_start.lease_id
     JOIN block ON block.id = lease.block_id WHERE block.sweep_id = sweep.id AND charged = 1),
    (SELECT min(granted_at) FROM lease JOIN block ON block.id = lease.block_id
     WHERE block.sweep_id = sweep.id)
  FROM sweep
  LEFT JOIN trial ON trial.sweep_id = sweep.id AND trial.class <> 'verify'
  LEFT JOIN measurement ON measurement.trial_id = trial.id
  GROUP BY sweep.id;
INSERT INTO device_tally
  SELECT sweep_id, hardware, sum(device_seconds) FROM (
    SELECT sweep_id, hardware, device_seconds FROM trial WHERE class <> 'verify'
    UNION ALL
    SELECT trial.sweep_id, trial.hardware, loss.device_seconds
    FROM trial JOIN loss ON loss.trial_id = trial.id WHERE trial.class <> 'verify'
    UNION ALL
    SELECT trial.sweep_id, trial.hardware, trial_cut.device_seconds
    FROM trial JOIN trial_cut ON trial_cut.trial_id = trial.id WHERE trial.class <> 'verify'
    UNION ALL
    SELECT block.sweep_id, block.hardware, engine_start.device_seconds
    FROM block JOIN lease ON lease.block_id = block.id
    JOIN engine_start ON engine_start.lease_id = lease.id WHERE engine_start.charged = 1
  ) GROUP BY sweep_id, hardware;

CREATE TRIGGER sweep_tallied AFTER INSERT ON sweep BEGIN
  INSERT INTO sweep_tally (sweep_id) VALUES (NEW.id);
END;

CREATE TRIGGER trial_tallied AFTER INSERT ON trial BEGIN
  INSERT INTO trial_tally VALUES (NEW.sweep_id, NEW.purpose, NEW.state, NEW.fate, 1, NEW.device_seconds > 0)
  ON CONFLICT (sweep_id, purpose, state, fate)
  DO UPDATE SET trials = trials + 1, paid = paid + excluded.paid;
END;

CREATE TRIGGER trial_tallied_anew AFTER UPDATE OF state, dropped, code, device_seconds ON trial BEGIN
  UPDATE trial_tally SET trials = trials - 1, paid = paid - (OLD.device_seconds > 0)
  WHERE sweep_id = OLD.sweep_id AND purpose = OLD.purpose AND state = OLD.state AND fate = OLD.fate;
  INSERT INTO trial_tally VALUES (NEW.sweep_id, NEW.purpose, NEW.state, NEW.fate, 1, NEW.device_seconds > 0)
  ON CONFLICT (sweep_id, purpose, state, fate)
  DO UPDATE SET trials = trials + 1, paid = paid + excluded.paid;
END;

CREATE TRIGGER trial_charged AFTER UPDATE OF device_seconds ON trial
  WHEN NEW.device_seconds <> OLD.device_seconds AND NEW.class <> 'verify' BEGIN
  INSERT INTO device_tally VALUES (NEW.sweep_id, NEW.hardware, NEW.device_seconds - OLD.device_seconds)
  ON CONFLICT (sweep_id, hardware)
  DO UPDATE SET device_seconds = device_seconds + excluded.device_seconds;
END;

CREATE TRIGGER trial_ended AFTER UPDATE OF state ON trial
  WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.class <> 'verify' BEGIN
  UPDATE sweep_tally SET last_result_at = max(coalesce(last_result_at, NEW.ended_at), NEW.ended_at)
  WHERE sweep_id = NEW.sweep_id AND NEW.dropped = 0;
  UPDATE sweep_tally SET measured = measured + 1
  WHERE sweep_id = NEW.sweep_id AND NEW.state = 'SUCCEEDED' AND NOT EXISTS (
    SELECT 1 FROM trial WHERE sweep_id = NEW.sweep_id
      AND configuration_index = NEW.configuration_index
      AND state = 'SUCCEEDED' AND class <> 'verify' AND id <> NEW.id
  );
END;

CREATE TRIGGER measurement_tallied AFTER INSERT ON measurement BEGIN
  UPDATE sweep_tally SET
    set_up_seconds = sweep_tally.set_up_seconds + NEW.set_up_seconds,
    warm_up_seconds = sweep_tally.warm_up_seconds + NEW.warm_up_seconds,
    measured_seconds = sweep_tally.measured_seconds + NEW.measured_seconds,
    gap_seconds = sweep_tally.gap_seconds + NEW.gap_seconds,
    energy_joules = sweep_tally.energy_joules + coalesce(NEW.energy_joules, 0),
    with_energy = with_energy + (NEW.energy_joules IS NOT NULL AND trial.device_seconds > 0)
  FROM trial WHERE trial.id = NEW.trial_id AND trial.class <> 'verify'
    AND sweep_tally.sweep_id = trial.sweep_id;
END;

CREATE TRIGGER loss_charged AFTER INSERT ON loss BEGIN
  INSERT INTO device_tally
  SELECT sweep_id, hardware, NEW.device_seconds FROM trial WHERE id = NEW.trial_id AND class <> 'verify'
  ON CONFLICT (sweep_id, hardware)
  DO UPDATE SET device_seconds = device_seconds + excluded.device_seconds;
END;

CREATE TRIGGER loss_forgotten AFTER DELETE ON loss BEGIN
  UPDATE device_tally SET device_seconds = device_tally.device_seconds - OLD.device_seconds
  FROM trial WHERE trial.id = OLD.trial_id AND trial.class <> 'verify'
    AND device_tally.sweep_id = trial.sweep_id AND device_tally.hardware = trial.hardware;
END;

CREATE TRIGGER cut_charged AFTER INSERT ON trial_cut BEGIN
  INSERT INTO device_tally
  SELECT sweep_id, hardware, NEW.device_seconds FROM trial WHERE id = NEW.trial_id AND class <> 'verify'
  ON CONFLICT (sweep_id, hardware)
  DO UPDATE SET device_seconds = device_seconds + excluded.device_seconds;
END;

CREATE TRIGGER loss_told AFTER UPDATE OF device_seconds ON loss BEGIN
  UPDATE device_tally
  SET device_seconds = device_tally.device_seconds + NEW.device_seconds - OLD.device_seconds
  FROM trial WHERE trial.id = OLD.trial_id AND trial.class <> 'verify'
    AND device_tally.sweep_id = trial.sweep_id AND device_tally.hardware = trial.hardware;
END;

CREATE TRIGGER first_grant_noted AFTER INSERT ON lease BEGIN
  UPDATE sweep_tally SET first_grant_at = NEW.granted_at
  WHERE sweep_id = (SELECT sweep_id FROM block WHERE id = NEW.block_id)
    AND (first_grant_at IS NULL OR first_grant_at > NEW.granted_at);
END;

-- The clock jumped, and what is in flight was dated anew.
CREATE TRIGGER first_grant_dated_anew AFTER UPDATE OF granted_at ON lease BEGIN
  UPDATE sweep_tally SET first_grant_at = NEW.granted_at
  WHERE sweep_id = (SELECT sweep_id FROM block WHERE id = NEW.block_id)
    AND first_grant_at = OLD.granted_at;
END;

CREATE TRIGGER engine_start_charged AFTER INSERT ON engine_start WHEN NEW.charged = 1 BEGIN
  UPDATE sweep_tally SET engine_starts = engine_starts + 1,
    start_up_seconds = sweep_tally.start_up_seconds + NEW.start_up_seconds,
    start_device_seconds = start_device_seconds + NEW.device_seconds
  FROM lease JOIN block ON block.id = lease.block_id
  WHERE lease.id = NEW.lease_id AND sweep_tally.sweep_id = block.sweep_id;
  INSERT INTO device_tally
  SELECT block.sweep_id, block.hardware, NEW.device_seconds
  FROM lease JOIN block ON block.id = lease.block_id WHERE lease.id = NEW.lease_id
  ON CONFLICT (sweep_id, hardware)
  DO UPDATE SET device_seconds = device_seconds + excluded.device_seconds;
END;

-- A sweep's moves are read by sweep, and never by what moved.
ALTER TABLE event ADD COLUMN sweep_id INTEGER REFERENCES sweep (id);
UPDATE event SET sweep_id = CASE entity
  WHEN 'sweep' THEN entity_id
  WHEN 'trial' THEN (SELECT sweep_id FROM trial WHERE id = entity_id)
  ELSE (SELECT block.sweep_id FROM lease JOIN block ON block.id = lease.block_id
        WHERE lease.id = entity_id)
END;
DROP INDEX events_of_entity;
CREATE INDEX events_of_sweep ON event (sweep_id, id);
DROP TRIGGER sweep_event;
DROP TRIGGER lease_event;
DROP TRIGGER trial_event;
CREATE TRIGGER sweep_event AFTER UPDATE OF state ON sweep WHEN NEW.state <> OLD.state BEGIN
  INSERT INTO event (at, sweep_id, entity, entity_id, old_state, new_state)
  VALUES (NEW.changed_at, NEW.id, 'sweep', NEW.id, OLD.state, NEW.state);
END;
CREATE TRIGGER lease_event AFTER UPDATE OF state ON lease WHEN NEW.state <> OLD.state BEGIN
  INSERT INTO event (at, sweep_id, entity, entity_id, old_state, new_state)
  SELECT NEW.changed_at, block.sweep_id, 'lease', NEW.id, OLD.state, NEW.state
  FROM block WHERE block.id = NEW.block_id;
END;
CREATE TRIGGER trial_event AFTER UPDATE OF state ON trial WHEN NEW.state <> OLD.state BEGIN
  INSERT INTO event (at, sweep_id, entity, entity_id, old_state, new_state)
  VALUES (NEW.changed_at, NEW.sweep_id, 'trial', NEW.id, OLD.state, NEW.state);
END;

-- Pages of trials are filtered by their doubts.
CREATE INDEX doubted_measurements ON measurement (trial_id) WHERE doubts <> '[]';
