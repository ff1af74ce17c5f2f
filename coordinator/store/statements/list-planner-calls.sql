-- A page of the planner log.
SELECT number, call FROM planner_log WHERE sweep_id = @sweep AND number > @after
ORDER BY number LIMIT @limit + 0;
