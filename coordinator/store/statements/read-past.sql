-- What a sweep starts from; no row where that is nothing.
SELECT rows FROM past WHERE sweep_id = @sweep;
