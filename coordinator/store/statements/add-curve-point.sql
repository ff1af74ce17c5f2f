-- Appends to the accuracy-against-cost curve.
INSERT INTO curve_point (sweep_id, device_seconds, measured, accuracy)
VALUES (@sweep, @device_seconds, @measured, @accuracy);
