-- The lowest copy of a block that nobody holds.
SELECT block.id FROM block
WHERE block.sweep_id = @sweep AND block.block_key = @block_key AND NOT EXISTS (
  SELECT 1 FROM lease WHERE lease.block_id = block.id AND lease.state = 'HELD'
) ORDER BY block.copy LIMIT 1;
