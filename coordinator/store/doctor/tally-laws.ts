/**
 * What the transitions count as they happen, counted anew from every row: how many tallies differ. One
 * statement per tally; seconds may differ by what rounding makes of a long sum.
 */
export const tallyLaws: readonly string[] = [
  `SELECT count(*) FROM (
    SELECT sweep_id, purpose, state, fate, sum(trials) AS trials, sum(paid) AS paid FROM (
      SELECT sweep_id, purpose, state, fate, trials, paid FROM trial_tally
      UNION ALL
      SELECT sweep_id, purpose, state, fate, -1, -(device_seconds > 0) FROM trial
    ) GROUP BY 1, 2, 3, 4) WHERE trials <> 0 OR paid <> 0`,
  `SELECT count(*) FROM sweep_tally WHERE measured <> (
    SELECT count(DISTINCT configuration_index) FROM trial
    WHERE trial.sweep_id = sweep_tally.sweep_id AND class <> 'verify' AND state = 'SUCCEEDED')`,
  `SELECT count(*) FROM (
    SELECT sweep_id, hardware, total(told) AS told, total(counted) AS counted FROM (
      SELECT sweep_id, hardware, device_seconds AS told, 0 AS counted FROM device_tally
      UNION ALL
      SELECT sweep_id, hardware, 0, device_seconds FROM trial WHERE class <> 'verify'
      UNION ALL
      SELECT sweep_id, hardware, 0, loss.device_seconds FROM loss
      JOIN trial ON trial.id = loss.trial_id WHERE class <> 'verify'
      UNION ALL
      SELECT sweep_id, hardware, 0, trial_cut.device_seconds FROM trial_cut
      JOIN trial ON trial.id = trial_cut.trial_id WHERE class <> 'verify'
      UNION ALL
      SELECT block.sweep_id, block.hardware, 0, engine_start.device_seconds FROM engine_start
      JOIN lease ON lease.id = engine_start.lease_id JOIN block ON block.id = lease.block_id
      WHERE charged = 1
    ) GROUP BY 1, 2) WHERE abs(told - counted) > 1e-6 * (1 + counted)`,
  `SELECT count(*) FROM (
    SELECT sweep_id, total(told) AS told, total(counted) AS counted FROM (
      SELECT sweep_id, set_up_seconds + warm_up_seconds + measured_seconds + gap_seconds + energy_joules
        + with_energy AS told, 0 AS counted FROM sweep_tally
      UNION ALL
      SELECT sweep_id, 0, set_up_seconds + warm_up_seconds + measured_seconds + gap_seconds
        + coalesce(energy_joules, 0)
        + (energy_joules IS NOT NULL AND trial.device_seconds > 0)
      FROM measurement JOIN trial ON trial.id = measurement.trial_id WHERE class <> 'verify'
    ) GROUP BY 1) WHERE abs(told - counted) > 1e-6 * (1 + counted)`,
]
