-- Law: the wall clock jumped: held leases were granted, and expire, as long ago or ahead as before
-- (first_grant_at of sweep_tally).
UPDATE lease SET granted_at = granted_at + @shift, expires_at = expires_at + @shift WHERE state = 'HELD';
