-- Law: a trial that starts again under the same lease was lost once: its agent died and came back.
-- Charged from when it started until now, and dated before the new start; nothing when the agent itself
-- has told what it cut.
INSERT INTO trial_cut (trial_id, lease_id, at, device_seconds)
SELECT trial_id, lease_id, since - 1,
  max(0, max(0, @at - since) / 1000.0 * tensor_parallel - charged_device_seconds)
FROM untold_cost WHERE trial_id = @id AND lease_id = @lease;
