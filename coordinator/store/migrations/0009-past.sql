-- What earlier sweeps and other tools measured that a sweep starts from. It is kept with the sweep, so that
-- its plan can be rebuilt bit for bit whatever becomes of them.
CREATE TABLE past (
  sweep_id INTEGER PRIMARY KEY REFERENCES sweep (id),
  rows TEXT NOT NULL CHECK (json_valid(rows))
) STRICT;
