-- One lease.
SELECT lease.*, block.sweep_id, block.block_key, block.tensor_parallel
FROM lease JOIN block ON block.id = lease.block_id WHERE lease.id = @id;
