-- One trial with its measurement.
SELECT * FROM trial_record WHERE id = @id;
