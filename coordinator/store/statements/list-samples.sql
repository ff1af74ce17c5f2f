-- A trial's samples under the token it was last granted with, in the order they came.
SELECT sample.* FROM sample JOIN trial ON trial.id = sample.trial_id AND trial.lease_id = sample.lease_id
WHERE sample.trial_id = @trial ORDER BY sample.id;
