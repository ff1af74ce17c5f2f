-- Device-seconds of a sweep by hardware class: trials, what lost leases and cut trials cost,
-- and engine starts.
-- Verification left out.
SELECT hardware, sum(device_seconds) AS device_seconds FROM (
  SELECT hardware, device_seconds FROM trial WHERE sweep_id = @sweep AND class <> 'verify'
  UNION ALL
  SELECT trial.hardware, loss.device_seconds
  FROM trial JOIN loss ON loss.trial_id = trial.id
  WHERE trial.sweep_id = @sweep AND trial.class <> 'verify'
  UNION ALL
  SELECT trial.hardware, trial_cut.device_seconds
  FROM trial JOIN trial_cut ON trial_cut.trial_id = trial.id
  WHERE trial.sweep_id = @sweep AND trial.class <> 'verify'
  UNION ALL
  SELECT block.hardware, engine_start.device_seconds
  FROM block JOIN lease ON lease.block_id = block.id
  JOIN engine_start ON engine_start.lease_id = lease.id
  WHERE block.sweep_id = @sweep AND engine_start.charged = 1
) GROUP BY hardware;
