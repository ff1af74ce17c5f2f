-- Configurations whose attempts are spent.
SELECT DISTINCT configuration_index FROM trial
WHERE sweep_id = @sweep AND class = 'survey' AND state = 'ABANDONED' AND dropped = 0;
