-- A trial's samples of before there were runs, under the token it was last granted with, as they came.
SELECT sample.* FROM sample JOIN trial ON trial.id = sample.trial_id AND trial.lease_id = sample.lease_id
WHERE sample.trial_id = @trial ORDER BY sample.id;
