-- Every sweep, oldest first.
SELECT * FROM sweep ORDER BY id;
