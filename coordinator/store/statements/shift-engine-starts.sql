-- Law: the wall clock jumped: starts under held leases stay on their side of what runs (charge-loss).
UPDATE engine_start SET at = at + @shift
WHERE lease_id IN (SELECT id FROM lease WHERE state = 'HELD');
