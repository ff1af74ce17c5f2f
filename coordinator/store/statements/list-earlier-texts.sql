-- The texts of a sweep before it was extended, oldest first.
SELECT text FROM sweep_extension WHERE sweep_id = @sweep ORDER BY id;
