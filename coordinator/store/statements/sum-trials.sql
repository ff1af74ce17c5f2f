-- Counts and seconds of a sweep's trials. Verification is counted apart and costs the sweep nothing.
-- A verifying trial that ended without a measurement is no longer counted as ordered.
SELECT
  count(DISTINCT configuration_index) FILTER (WHERE class <> 'verify' AND state = 'SUCCEEDED') AS measured,
  count(*) FILTER (WHERE purpose = 'audit' AND state = 'SUCCEEDED') AS audits,
  count(*) FILTER (WHERE class <> 'verify' AND state = 'INFEASIBLE') AS infeasible,
  count(*) FILTER (
    WHERE class <> 'verify' AND state IN ('FAILED', 'ABANDONED') AND dropped = 0 AND code <> 'INVALID'
  ) AS failed,
  count(*) FILTER (
    WHERE class <> 'verify' AND state IN ('FAILED', 'ABANDONED') AND dropped = 0 AND code = 'INVALID'
  ) AS invalid,
  count(*) FILTER (WHERE class <> 'verify' AND state IN ('QUEUED', 'LEASED', 'RUNNING')) AS pending,
  count(*) FILTER (WHERE class <> 'verify' AND state IN ('LEASED', 'RUNNING')) AS in_flight,
  count(*) FILTER (WHERE class <> 'verify' AND ended_at IS NOT NULL AND dropped = 0) AS attempts,
  total(set_up_seconds) FILTER (WHERE class <> 'verify') AS set_up,
  total(warm_up_seconds) FILTER (WHERE class <> 'verify') AS warm_up,
  total(measured_seconds) FILTER (WHERE class <> 'verify') AS measuring,
  total(gap_seconds) FILTER (WHERE class <> 'verify') AS gaps,
  total(energy_joules) FILTER (WHERE class <> 'verify') AS energy,
  count(*) FILTER (
    WHERE class <> 'verify' AND device_seconds > 0 AND energy_joules IS NULL
  ) AS without_energy,
  max(ended_at) FILTER (WHERE class <> 'verify' AND dropped = 0) AS last_result_at,
  count(*) FILTER (
    WHERE class = 'verify' AND state IN ('QUEUED', 'LEASED', 'RUNNING', 'SUCCEEDED')
  ) AS verify_ordered,
  count(*) FILTER (WHERE class = 'verify' AND state = 'SUCCEEDED') AS verify_measured
FROM trial_record WHERE sweep_id = @sweep;
