-- Law: HELD -> RELEASED, EXPIRED or REVOKED, once. 1 row, or 0 when it had ended.
UPDATE lease SET state = @state, changed_at = @at WHERE id = @id AND state = 'HELD';
