-- Law: the wall clock jumped: cuts under held leases stay on their side of what runs (charge-loss).
UPDATE trial_cut SET at = at + @shift
WHERE lease_id IN (SELECT id FROM lease WHERE state = 'HELD');
