-- A trial's samples under the token it was last granted with, by runs, in the order they came.
SELECT sample_run.*
FROM sample_run JOIN trial ON trial.id = sample_run.trial_id AND trial.lease_id = sample_run.lease_id
WHERE sample_run.trial_id = @trial ORDER BY sample_run.id;
