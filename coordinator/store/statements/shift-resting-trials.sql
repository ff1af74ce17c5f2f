-- Law: the wall clock jumped: what rests has as long to rest as before (list-claimable-trials).
UPDATE trial SET not_before = max(1, not_before + @shift) WHERE state = 'QUEUED' AND not_before > 0;
