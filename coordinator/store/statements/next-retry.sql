-- When the next resting trial of a sweep may be tried.
SELECT min(not_before) AS at FROM trial
WHERE sweep_id = @sweep AND state = 'QUEUED' AND not_before > @now;
