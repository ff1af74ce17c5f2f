-- The first schema. Times are epoch milliseconds (REAL) unless named _seconds.

CREATE TABLE store (
  -- Distinguishes this store's ids from those of any other data folder.
  id TEXT NOT NULL
) STRICT;

CREATE TABLE sweep (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'RUNNING'
    CHECK (state IN ('RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED', 'FAILED')),
  reason TEXT NOT NULL DEFAULT '',
  goal_reached INTEGER NOT NULL DEFAULT 0 CHECK (goal_reached IN (0, 1)),
  hardware TEXT CHECK (hardware IS NULL OR json_valid(hardware)),
  created_at REAL NOT NULL,
  changed_at REAL NOT NULL,
  ended_at REAL,
  active_seconds REAL NOT NULL DEFAULT 0 CHECK (active_seconds >= 0),
  plan_status TEXT CHECK (plan_status IS NULL OR json_valid(plan_status)),
  CHECK ((ended_at IS NULL) = (state IN ('RUNNING', 'PAUSED')))
) STRICT;

CREATE TABLE environment (
  -- SHA-256 of the canonical JSON: measurements with other fingerprints are never silently compared.
  fingerprint TEXT PRIMARY KEY,
  facts TEXT NOT NULL CHECK (json_valid(facts))
) STRICT, WITHOUT ROWID;

CREATE TABLE agent (
  name TEXT PRIMARY KEY,
  hardware TEXT NOT NULL,
  device_count INTEGER NOT NULL CHECK (device_count >= 1),
  engines TEXT NOT NULL CHECK (json_valid(engines)),
  environment TEXT NOT NULL REFERENCES environment (fingerprint),
  first_seen_at REAL NOT NULL,
  last_seen_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- One engine start on one device set; copies let several agents serve the same kind of block.
CREATE TABLE block (
  id INTEGER PRIMARY KEY,
  sweep_id INTEGER NOT NULL REFERENCES sweep (id),
  block_key TEXT NOT NULL,
  hardware TEXT NOT NULL,
  tensor_parallel INTEGER NOT NULL CHECK (tensor_parallel >= 1),
  copy INTEGER NOT NULL CHECK (copy >= 1),
  UNIQUE (sweep_id, block_key, copy)
) STRICT;

CREATE TABLE lease (
  -- Also the fencing token: AUTOINCREMENT never gives a number twice, so it only grows.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  block_id INTEGER NOT NULL REFERENCES block (id),
  agent TEXT NOT NULL REFERENCES agent (name),
  state TEXT NOT NULL DEFAULT 'HELD' CHECK (state IN ('HELD', 'RELEASED', 'EXPIRED', 'REVOKED')),
  granted_at REAL NOT NULL,
  expires_at REAL NOT NULL,
  changed_at REAL NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_lease_per_agent ON lease (agent) WHERE state = 'HELD';
CREATE UNIQUE INDEX one_holder_per_block ON lease (block_id) WHERE state = 'HELD';

CREATE TABLE trial (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sweep_id INTEGER NOT NULL REFERENCES sweep (id),
  configuration_index INTEGER NOT NULL CHECK (configuration_index >= 0),
  configuration_key TEXT NOT NULL,
  configuration TEXT NOT NULL CHECK (json_valid(configuration)),
  block_key TEXT NOT NULL,
  hardware TEXT NOT NULL,
  engine_kind TEXT NOT NULL,
  tensor_parallel INTEGER NOT NULL CHECK (tensor_parallel >= 1),
  purpose TEXT NOT NULL CHECK (purpose IN ('explore', 'audit', 'repeat', 'verify')),
  -- explore and audit are one class: a configuration is surveyed once.
  class TEXT NOT NULL GENERATED ALWAYS AS (
    CASE purpose WHEN 'verify' THEN 'verify' WHEN 'repeat' THEN 'repeat' ELSE 'survey' END
  ) STORED,
  state TEXT NOT NULL DEFAULT 'QUEUED' CHECK (
    state IN ('QUEUED', 'LEASED', 'RUNNING', 'SUCCEEDED', 'INFEASIBLE', 'FAILED', 'ABANDONED')
  ),
  attempt INTEGER NOT NULL DEFAULT 1 CHECK (attempt >= 1),
  retry_of INTEGER UNIQUE REFERENCES trial (id),
  seed INTEGER NOT NULL,
  why TEXT NOT NULL DEFAULT '',
  queued_at REAL NOT NULL,
  not_before REAL NOT NULL DEFAULT 0,
  avoid_agent TEXT,
  -- Also the fencing token under which it was last granted.
  lease_id INTEGER REFERENCES lease (id),
  agent TEXT REFERENCES agent (name),
  started_at REAL,
  ended_at REAL,
  changed_at REAL NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  code TEXT,
  -- True when it was dropped by a decision, not spent: it says nothing of its configuration.
  dropped INTEGER NOT NULL DEFAULT 0 CHECK (dropped IN (0, 1)),
  -- What the trial cost, however it ended.
  device_seconds REAL NOT NULL DEFAULT 0 CHECK (device_seconds >= 0),
  CHECK ((retry_of IS NULL) = (attempt = 1)),
  CHECK (state NOT IN ('LEASED', 'RUNNING') OR (lease_id IS NOT NULL AND agent IS NOT NULL)),
  CHECK ((ended_at IS NULL) = (state IN ('QUEUED', 'LEASED', 'RUNNING'))),
  CHECK (state <> 'RUNNING' OR started_at IS NOT NULL)
) STRICT;
-- Nothing is measured twice.
CREATE UNIQUE INDEX one_trial_per_configuration ON trial (sweep_id, class, configuration_index)
  WHERE class <> 'repeat' AND state NOT IN ('FAILED', 'ABANDONED');
CREATE UNIQUE INDEX one_live_repeat ON trial (sweep_id, configuration_index)
  WHERE class = 'repeat' AND state IN ('QUEUED', 'LEASED', 'RUNNING');
CREATE INDEX queue ON trial (sweep_id, block_key, id) WHERE state = 'QUEUED';
CREATE INDEX in_flight ON trial (lease_id) WHERE state IN ('LEASED', 'RUNNING');
CREATE INDEX trials_of_sweep ON trial (sweep_id, id);

-- What was spent on a trial under a lease that ended before the trial did.
CREATE TABLE loss (
  trial_id INTEGER NOT NULL REFERENCES trial (id),
  lease_id INTEGER NOT NULL REFERENCES lease (id),
  device_seconds REAL NOT NULL CHECK (device_seconds >= 0),
  PRIMARY KEY (trial_id, lease_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE measurement (
  -- At most one per trial.
  trial_id INTEGER PRIMARY KEY REFERENCES trial (id),
  environment TEXT NOT NULL REFERENCES environment (fingerprint),
  started_at REAL NOT NULL,
  device_seconds REAL NOT NULL CHECK (device_seconds >= 0),
  set_up_seconds REAL NOT NULL,
  warm_up_seconds REAL NOT NULL,
  measured_seconds REAL NOT NULL,
  gap_seconds REAL NOT NULL,
  energy_joules REAL,
  repetitions INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  metrics TEXT NOT NULL CHECK (json_valid(metrics)),
  doubts TEXT NOT NULL CHECK (json_valid(doubts))
) STRICT;

CREATE VIEW trial_record AS
  SELECT trial.*, measurement.trial_id IS NOT NULL AS has_measurement,
    measurement.started_at AS window_started_at,
    measurement.device_seconds AS measurement_device_seconds,
    measurement.set_up_seconds, measurement.warm_up_seconds, measurement.measured_seconds,
    measurement.gap_seconds, measurement.energy_joules, measurement.repetitions,
    measurement.requests, measurement.metrics, measurement.doubts
  FROM trial LEFT JOIN measurement ON measurement.trial_id = trial.id;

CREATE TABLE sample (
  id INTEGER PRIMARY KEY,
  trial_id INTEGER NOT NULL REFERENCES trial (id),
  lease_id INTEGER NOT NULL,
  repetition INTEGER NOT NULL,
  request INTEGER NOT NULL,
  warm_up INTEGER NOT NULL CHECK (warm_up IN (0, 1)),
  scheduled_at REAL NOT NULL,
  sent_at REAL NOT NULL,
  ended_at REAL NOT NULL,
  -- Little-endian float64, seconds.
  chunk_at BLOB NOT NULL,
  -- Little-endian uint32; NULL when every chunk brought one token.
  chunk_tokens BLOB,
  input_tokens_asked INTEGER NOT NULL,
  output_tokens_asked INTEGER NOT NULL,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cached_tokens INTEGER,
  outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'error', 'timeout', 'cancelled')),
  error TEXT
) STRICT;
CREATE INDEX samples_of_trial ON sample (trial_id, lease_id);

CREATE TABLE telemetry (
  id INTEGER PRIMARY KEY,
  agent TEXT NOT NULL,
  trial_id INTEGER REFERENCES trial (id),
  at REAL NOT NULL,
  device TEXT NOT NULL,
  utilization_percent REAL,
  memory_bytes REAL,
  power_watts REAL,
  temperature_celsius REAL,
  clock_mhz REAL,
  throttle_reasons TEXT CHECK (throttle_reasons IS NULL OR json_valid(throttle_reasons))
) STRICT;
CREATE INDEX telemetry_of_trial ON telemetry (trial_id, at) WHERE trial_id IS NOT NULL;

CREATE TABLE engine_start (
  lease_id INTEGER NOT NULL REFERENCES lease (id),
  at REAL NOT NULL,
  facts TEXT NOT NULL CHECK (json_valid(facts)),
  start_up_seconds REAL NOT NULL CHECK (start_up_seconds >= 0),
  device_seconds REAL NOT NULL CHECK (device_seconds >= 0),
  -- False for starts that only `fmwork verify` needed: they are no cost of the sweep.
  charged INTEGER NOT NULL CHECK (charged IN (0, 1))
) STRICT;
CREATE INDEX engine_starts_of_lease ON engine_start (lease_id);

-- (agent, sequence) is unique: at least once on the wire plus this key is exactly once here.
CREATE TABLE report_batch (
  agent TEXT NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  refused TEXT NOT NULL CHECK (json_valid(refused)),
  PRIMARY KEY (agent, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE acknowledged (
  agent TEXT PRIMARY KEY,
  -- The highest number recorded.
  sequence INTEGER NOT NULL CHECK (sequence >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE planner_log (
  sweep_id INTEGER NOT NULL REFERENCES sweep (id),
  -- Order of the calls, which may differ from the order in which they were written.
  number INTEGER NOT NULL CHECK (number >= 1),
  call TEXT NOT NULL CHECK (json_valid(call)),
  PRIMARY KEY (sweep_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE curve_point (
  id INTEGER PRIMARY KEY,
  sweep_id INTEGER NOT NULL REFERENCES sweep (id),
  device_seconds REAL NOT NULL,
  measured INTEGER NOT NULL,
  accuracy TEXT NOT NULL CHECK (json_valid(accuracy))
) STRICT;
CREATE INDEX curve_of_sweep ON curve_point (sweep_id, id);

-- The arrows of the state machine. Whatever a program does, no row moves along another.
CREATE TABLE move (
  entity TEXT NOT NULL,
  old_state TEXT NOT NULL,
  new_state TEXT NOT NULL,
  PRIMARY KEY (entity, old_state, new_state)
) STRICT, WITHOUT ROWID;
INSERT INTO move (entity, old_state, new_state) VALUES
  ('sweep', 'RUNNING', 'PAUSED'), ('sweep', 'RUNNING', 'COMPLETED'),
  ('sweep', 'RUNNING', 'CANCELLED'), ('sweep', 'RUNNING', 'FAILED'),
  ('sweep', 'PAUSED', 'RUNNING'), ('sweep', 'PAUSED', 'CANCELLED'),
  ('sweep', 'FAILED', 'RUNNING'), ('sweep', 'FAILED', 'CANCELLED'),
  ('lease', 'HELD', 'RELEASED'), ('lease', 'HELD', 'EXPIRED'), ('lease', 'HELD', 'REVOKED'),
  ('trial', 'QUEUED', 'LEASED'), ('trial', 'LEASED', 'RUNNING'),
  -- The lease ended first.
  ('trial', 'LEASED', 'QUEUED'), ('trial', 'RUNNING', 'QUEUED'),
  ('trial', 'RUNNING', 'SUCCEEDED'), ('trial', 'RUNNING', 'INFEASIBLE'),
  ('trial', 'RUNNING', 'FAILED'), ('trial', 'RUNNING', 'ABANDONED'),
  -- It never came to run: its engine did not start.
  ('trial', 'LEASED', 'INFEASIBLE'), ('trial', 'LEASED', 'FAILED'), ('trial', 'LEASED', 'ABANDONED'),
  ('trial', 'LEASED', 'SUCCEEDED'),
  -- The result came after the lease ended, and nobody else had been given the trial.
  ('trial', 'QUEUED', 'SUCCEEDED'), ('trial', 'QUEUED', 'INFEASIBLE'),
  ('trial', 'QUEUED', 'FAILED'), ('trial', 'QUEUED', 'ABANDONED');

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  at REAL NOT NULL,
  entity TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  old_state TEXT NOT NULL,
  new_state TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_entity ON event (entity, entity_id);


CREATE TRIGGER sweep_move BEFORE UPDATE OF state ON sweep
  WHEN NEW.state <> OLD.state AND NOT EXISTS (
    SELECT 1 FROM move WHERE entity = 'sweep' AND old_state = OLD.state AND new_state = NEW.state
  ) BEGIN SELECT RAISE(ABORT, 'a sweep cannot move that way'); END;

CREATE TRIGGER lease_move BEFORE UPDATE OF state ON lease
  WHEN NEW.state <> OLD.state AND NOT EXISTS (
    SELECT 1 FROM move WHERE entity = 'lease' AND old_state = OLD.state AND new_state = NEW.state
  ) BEGIN SELECT RAISE(ABORT, 'a lease cannot move that way'); END;

CREATE TRIGGER trial_move BEFORE UPDATE OF state ON trial
  WHEN NEW.state <> OLD.state AND NOT EXISTS (
    SELECT 1 FROM move WHERE entity = 'trial' AND old_state = OLD.state AND new_state = NEW.state
  ) BEGIN SELECT RAISE(ABORT, 'a trial cannot move that way'); END;

CREATE TRIGGER sweep_event AFTER UPDATE OF state ON sweep WHEN NEW.state <> OLD.state BEGIN
  INSERT INTO event (at, entity, entity_id, old_state, new_state)
  VALUES (NEW.changed_at, 'sweep', NEW.id, OLD.state, NEW.state);
END;

CREATE TRIGGER lease_event AFTER UPDATE OF state ON lease WHEN NEW.state <> OLD.state BEGIN
  INSERT INTO event (at, entity, entity_id, old_state, new_state)
  VALUES (NEW.changed_at, 'lease', NEW.id, OLD.state, NEW.state);
END;

CREATE TRIGGER trial_event AFTER UPDATE OF state ON trial WHEN NEW.state <> OLD.state BEGIN
  INSERT INTO event (at, entity, entity_id, old_state, new_state)
  VALUES (NEW.changed_at, 'trial', NEW.id, OLD.state, NEW.state);
END;
