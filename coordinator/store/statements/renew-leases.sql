-- Law: only a HELD lease is renewed; what is stored is never later than what was promised. In bulk.
UPDATE lease SET expires_at = renewal.value ->> 'expiresAt'
FROM json_each(@renewals) AS renewal
WHERE lease.id = renewal.value ->> 'id' AND lease.state = 'HELD';
