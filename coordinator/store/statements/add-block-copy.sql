-- One more copy of a block: as many agents may serve it as have the devices.
INSERT INTO block (sweep_id, block_key, hardware, tensor_parallel, copy)
SELECT @sweep, @block_key, @hardware, @tensor_parallel, coalesce(max(copy), 0) + 1
FROM block WHERE sweep_id = @sweep AND block_key = @block_key
RETURNING id;
