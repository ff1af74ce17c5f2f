-- Law: COMPLETED -> RUNNING only with another goal or budget, after its claim was kept. 1 row, or 0.
UPDATE sweep
SET text = @text, state = 'RUNNING', reason = '', goal_reached = 0, ended_at = NULL, changed_at = @at
WHERE id = @id AND state = 'COMPLETED' AND text <> @text;
