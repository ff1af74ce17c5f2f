-- A completed sweep may go on to a larger budget or another goal, cut trials say what they cost, and an
-- agent serves as many blocks at once as its devices allow.

-- What a completed sweep claimed before it was extended: a claim once made is never lost.
CREATE TABLE sweep_extension (
  id INTEGER PRIMARY KEY,
  sweep_id INTEGER NOT NULL REFERENCES sweep (id),
  at REAL NOT NULL,
  text TEXT NOT NULL,
  reason TEXT NOT NULL,
  goal_reached INTEGER NOT NULL CHECK (goal_reached IN (0, 1)),
  plan_status TEXT CHECK (plan_status IS NULL OR json_valid(plan_status))
) STRICT;
CREATE INDEX extensions_of_sweep ON sweep_extension (sweep_id, id);
INSERT INTO move (entity, old_state, new_state) VALUES ('sweep', 'COMPLETED', 'RUNNING');
CREATE TRIGGER completed_goes_on_changed BEFORE UPDATE OF state ON sweep
  WHEN OLD.state = 'COMPLETED' AND NEW.state = 'RUNNING' AND NEW.text = OLD.text
  BEGIN SELECT RAISE(ABORT, 'a completed sweep goes on only to another goal or budget'); END;

-- What was spent on a trial without a result, as far as somebody knows it: the agent that cut it, or a
-- result that came under a stale lease. Estimates are in loss, and give way to what is known.
CREATE TABLE trial_cut (
  id INTEGER PRIMARY KEY,
  trial_id INTEGER NOT NULL REFERENCES trial (id),
  lease_id INTEGER NOT NULL REFERENCES lease (id),
  at REAL NOT NULL,
  device_seconds REAL NOT NULL CHECK (device_seconds >= 0)
) STRICT;
CREATE INDEX cuts_of_trial ON trial_cut (trial_id, lease_id);

-- The leases of an agent never need more devices than it has.
DROP INDEX one_lease_per_agent;
CREATE INDEX leases_of_agent ON lease (agent) WHERE state = 'HELD';
CREATE TRIGGER devices_are_exclusive BEFORE INSERT ON lease
  WHEN (
    SELECT coalesce(sum(block.tensor_parallel), 0)
    FROM lease JOIN block ON block.id = lease.block_id
    WHERE lease.agent = NEW.agent AND lease.state = 'HELD'
  ) + (SELECT tensor_parallel FROM block WHERE id = NEW.block_id)
    > (SELECT device_count FROM agent WHERE name = NEW.agent)
  BEGIN SELECT RAISE(ABORT, 'the agent has no devices left for that block'); END;
