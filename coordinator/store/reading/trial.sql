SELECT * FROM trial_record WHERE id = @id;
