-- When the first event of a stream arrived, whose text may be empty: what some tools call the time to
-- the first token. NULL where none came, and in samples from before it was kept.

ALTER TABLE sample ADD COLUMN first_event_at REAL;
