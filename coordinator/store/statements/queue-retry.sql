-- Law: a FAILED trial has one successor: the same configuration, one attempt more. It rests until
-- not_before and avoids the agent that failed while another could take it.
INSERT INTO trial (
  sweep_id, configuration_index, configuration_key, configuration, block_key, hardware,
  engine_kind, tensor_parallel, purpose, attempt, retry_of, seed, why, queued_at, changed_at, not_before, avoid_agent
)
SELECT sweep_id, configuration_index, configuration_key, configuration, block_key, hardware,
  engine_kind, tensor_parallel, purpose, attempt + 1, id, @seed, why, @at, @at, @not_before, @avoid_agent
FROM trial WHERE id = @id AND state = 'FAILED'
RETURNING id;
