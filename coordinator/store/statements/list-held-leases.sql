-- Leases that are HELD, oldest first.
SELECT lease.*, block.sweep_id, block.block_key, block.tensor_parallel
FROM lease JOIN block ON block.id = lease.block_id
WHERE lease.state = 'HELD' ORDER BY lease.id;
