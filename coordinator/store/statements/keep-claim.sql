-- Law: what a completed sweep claimed is kept when it goes on. 1 row, or 0 when it is not COMPLETED.
INSERT INTO sweep_extension (sweep_id, at, text, reason, goal_reached, plan_status)
SELECT id, @at, text, reason, goal_reached, plan_status FROM sweep
WHERE id = @id AND state = 'COMPLETED';
