-- The highest number in the planner log, 0 when it is empty.
SELECT coalesce(max(number), 0) AS number FROM planner_log WHERE sweep_id = @sweep;
