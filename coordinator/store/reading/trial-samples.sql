-- The first samples of a trial under the token it was last granted with, in the order they were sent.
SELECT sample.*, count(*) OVER () AS total
FROM sample JOIN trial ON trial.id = sample.trial_id AND trial.lease_id = sample.lease_id
WHERE sample.trial_id = @trial ORDER BY sample.sent_at, sample.id LIMIT @limit + 0;
