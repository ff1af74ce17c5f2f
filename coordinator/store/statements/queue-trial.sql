-- Law: a configuration is surveyed once and verified once; only a repeat may come again, and one at a
-- time. No row when another trial of its class is live, measured or infeasible.
INSERT INTO trial (
  sweep_id, configuration_index, configuration_key, configuration, block_key, hardware,
  engine_kind, tensor_parallel, purpose, seed, why, queued_at, changed_at
) VALUES (
  @sweep, @index, @configuration_key, @configuration, @block_key, @hardware,
  @engine_kind, @tensor_parallel, @purpose, @seed, @why, @at, @at
)
ON CONFLICT DO NOTHING
RETURNING id;
