-- A sweep by number, else by name. At most one row.
SELECT * FROM sweep WHERE id = @id OR name = @name ORDER BY id = @id DESC LIMIT 1;
