-- Engine starts charged to a sweep, and when its first lease was granted.
SELECT
  count(engine_start.lease_id) AS starts,
  total(engine_start.start_up_seconds) AS seconds,
  total(engine_start.device_seconds) AS device_seconds,
  (SELECT min(lease.granted_at) FROM lease JOIN block ON block.id = lease.block_id
   WHERE block.sweep_id = @sweep) AS first_grant_at
FROM block JOIN lease ON lease.block_id = block.id
LEFT JOIN engine_start ON engine_start.lease_id = lease.id AND engine_start.charged = 1
WHERE block.sweep_id = @sweep;
