-- Law: what a sweep starts from is fixed when it is created.
INSERT INTO past (sweep_id, rows) VALUES (@sweep, @rows);
