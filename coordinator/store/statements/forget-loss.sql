-- A late result tells the true cost: the estimate made when its lease ended goes.
DELETE FROM loss WHERE trial_id = @id AND lease_id = @lease;
