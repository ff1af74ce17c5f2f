-- Whether a lease was granted for the reference of a completed sweep: dates cannot tell it, since clocks
-- are set back.
ALTER TABLE lease ADD COLUMN verifies INTEGER NOT NULL DEFAULT 0 CHECK (verifies IN (0, 1));
