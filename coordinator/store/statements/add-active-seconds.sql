-- Law: only a RUNNING sweep grows older.
UPDATE sweep SET active_seconds = active_seconds + @seconds WHERE id = @id AND state = 'RUNNING';
