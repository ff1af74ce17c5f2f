-- Law: what a COMPLETED sweep claims never changes. 0 rows after completion.
UPDATE sweep SET plan_status = @plan_status WHERE id = @id AND state <> 'COMPLETED';
