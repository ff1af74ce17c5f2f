-- Device-seconds of a sweep by hardware class: trials, what lost leases and cut trials cost, and engine
-- starts. Verification left out.
SELECT hardware, device_seconds FROM device_tally WHERE sweep_id = @sweep;
