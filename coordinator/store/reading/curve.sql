-- The accuracy-against-cost curve, in the order it was drawn.
SELECT device_seconds, measured, accuracy FROM curve_point WHERE sweep_id = @sweep ORDER BY id;
