-- Law: what the running trials of a lease cost until now is charged when the lease ends before them; a
-- late word of what they truly cost takes its place (forget-loss).
INSERT INTO loss (trial_id, lease_id, device_seconds)
SELECT trial_id, lease_id,
  max(0, max(0, @at - since) / 1000.0 * tensor_parallel - charged_device_seconds)
FROM untold_cost WHERE lease_id = @lease
ON CONFLICT DO NOTHING;
