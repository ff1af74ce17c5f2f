-- Law: what a sweep was and claimed is kept before it goes on to another goal or budget. 1 row, or 0 when
-- it is CANCELLED or nothing changes.
INSERT INTO sweep_extension (sweep_id, at, text, reason, goal_reached, plan_status)
SELECT id, @at, text, reason, goal_reached, plan_status FROM sweep
WHERE id = @id AND state <> 'CANCELLED' AND text <> @text;
