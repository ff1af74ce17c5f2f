-- The lease an agent holds; at most one.
SELECT lease.*, block.sweep_id, block.block_key FROM lease JOIN block ON block.id = lease.block_id
WHERE lease.agent = @agent AND lease.state = 'HELD';
