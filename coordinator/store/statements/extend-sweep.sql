-- Law: a sweep goes on only with another goal or budget, after what it claimed was kept (keep-claim).
UPDATE sweep
SET text = @text, state = 'RUNNING', reason = '', goal_reached = 0, ended_at = NULL, changed_at = @at
WHERE id = @id AND state <> 'CANCELLED' AND text <> @text;
