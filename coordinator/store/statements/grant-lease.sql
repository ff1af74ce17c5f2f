-- Law: the blocks that an agent holds never need more devices than it has, a block copy has at most one
-- holder, and every lease's number (its fencing token) is larger than all before. No row otherwise.
INSERT INTO lease (block_id, agent, granted_at, expires_at, changed_at, verifies)
SELECT block.id, agent.name, @at, @expires_at, @at, sweep.state = 'COMPLETED'
FROM block JOIN sweep ON sweep.id = block.sweep_id JOIN agent ON agent.name = @agent
WHERE block.id = @block AND block.tensor_parallel <= agent.device_count - (
  SELECT coalesce(sum(taken.tensor_parallel), 0)
  FROM lease JOIN block AS taken ON taken.id = lease.block_id
  WHERE lease.agent = @agent AND lease.state = 'HELD'
)
ON CONFLICT DO NOTHING
RETURNING id;
