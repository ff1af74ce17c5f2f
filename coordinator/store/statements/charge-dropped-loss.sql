-- Law: as charge-loss, for running trials that are about to be dropped: their agents may never tell.
INSERT INTO loss (trial_id, lease_id, device_seconds)
SELECT trial_id, lease_id,
  max(0, max(0, @at - since) / 1000.0 * tensor_parallel - charged_device_seconds)
FROM untold_cost WHERE sweep_id = @sweep AND (class = 'verify') = @verify
ON CONFLICT DO NOTHING;
