-- Law: charged to the sweep only while the sweep itself runs, not for its verification. 0 rows for an
-- unknown lease.
INSERT INTO engine_start (lease_id, at, facts, start_up_seconds, device_seconds, charged)
SELECT lease.id, @at, @facts, @start_up_seconds, @device_seconds,
  sweep.state <> 'COMPLETED' OR lease.verifies = 0
FROM lease JOIN block ON block.id = lease.block_id JOIN sweep ON sweep.id = block.sweep_id
WHERE lease.id = @lease;
