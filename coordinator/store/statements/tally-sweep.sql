-- What a sweep has measured, and the seconds and joules it took; verification left out.
SELECT * FROM sweep_tally WHERE sweep_id = @sweep;
