-- Law: the wall clock jumped: what runs has run as long as before (charge-loss, restart-trial).
UPDATE trial SET started_at = started_at + @shift WHERE state = 'RUNNING';
