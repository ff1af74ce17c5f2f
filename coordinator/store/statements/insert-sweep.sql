-- Law: a sweep starts RUNNING; a name is taken for ever. No row when it is taken.
INSERT INTO sweep (name, text, hardware, created_at, changed_at)
VALUES (@name, @text, @hardware, @at, @at)
ON CONFLICT (name) DO NOTHING
RETURNING *;
