-- Law: a sweep leaves a state only for one that the table move allows, and only when it is still in
-- one of the states that the caller saw. A COMPLETED one leaves by extend-sweep alone. Changes 1 row, or 0 when it had moved already.
UPDATE sweep
SET state = @state, reason = @reason, goal_reached = @goal_reached, changed_at = @at,
  ended_at = CASE WHEN @state IN ('RUNNING', 'PAUSED') THEN NULL ELSE @at END
WHERE id = @id AND state <> 'COMPLETED' AND state IN (SELECT value FROM json_each(@from))
  AND EXISTS (
    SELECT 1 FROM move
    WHERE entity = 'sweep' AND old_state = sweep.state AND new_state = @state
  );
