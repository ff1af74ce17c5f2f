-- Raw samples by runs, as agents hand them in: writing a row for each was most of what a large fleet
-- cost. Every column of packed numbers (little-endian) has one number for each sample, in their order.
-- The table sample keeps those of before; nothing is added to it any more.
CREATE TABLE sample_run (
  id INTEGER PRIMARY KEY,
  trial_id INTEGER NOT NULL REFERENCES trial (id),
  lease_id INTEGER NOT NULL,
  samples INTEGER NOT NULL CHECK (samples > 0),
  -- uint32
  repetition BLOB NOT NULL CHECK (length(repetition) = 4 * samples),
  request BLOB NOT NULL CHECK (length(request) = 4 * samples),
  input_tokens_asked BLOB NOT NULL CHECK (length(input_tokens_asked) = 4 * samples),
  output_tokens_asked BLOB NOT NULL CHECK (length(output_tokens_asked) = 4 * samples),
  -- float64; seconds, NaN where no event came
  scheduled_at BLOB NOT NULL CHECK (length(scheduled_at) = 8 * samples),
  sent_at BLOB NOT NULL CHECK (length(sent_at) = 8 * samples),
  first_event_at BLOB NOT NULL CHECK (length(first_event_at) = 8 * samples),
  ended_at BLOB NOT NULL CHECK (length(ended_at) = 8 * samples),
  -- float64; NaN where the server did not say
  input_tokens BLOB NOT NULL CHECK (length(input_tokens) = 8 * samples),
  output_tokens BLOB NOT NULL CHECK (length(output_tokens) = 8 * samples),
  cached_tokens BLOB NOT NULL CHECK (length(cached_tokens) = 8 * samples),
  -- uint8: 0 or 1; the position in ok, error, timeout, cancelled
  warm_up BLOB NOT NULL CHECK (length(warm_up) = samples),
  outcome BLOB NOT NULL CHECK (length(outcome) = samples),
  -- Text by the sample's position; NULL where none has one.
  errors TEXT CHECK (errors IS NULL OR json_valid(errors)),
  -- uint32: how many chunks each sample has. Their arrivals (float64, seconds) and tokens (uint32; NULL
  -- when every chunk brought one) stand one sample after another.
  chunks BLOB NOT NULL CHECK (length(chunks) = 4 * samples),
  chunk_at BLOB NOT NULL,
  chunk_tokens BLOB CHECK (2 * length(chunk_tokens) = length(chunk_at))
) STRICT;
CREATE INDEX sample_runs_of_trial ON sample_run (trial_id, lease_id);
