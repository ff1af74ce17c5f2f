-- How many trials of a sweep there are of each purpose, state and fate.
SELECT purpose, state, fate, trials, paid FROM trial_tally WHERE sweep_id = @sweep AND trials > 0;
