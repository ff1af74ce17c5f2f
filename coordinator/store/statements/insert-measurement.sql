-- Law: a trial has at most one measurement.
INSERT INTO measurement (
  trial_id, environment, started_at, device_seconds, set_up_seconds, warm_up_seconds,
  measured_seconds, gap_seconds, energy_joules, repetitions, requests, metrics, doubts, harvest
)
SELECT trial.id, agent.environment, @started_at, @device_seconds, @set_up, @warm_up,
  @measured, @gaps, @energy, @repetitions, @requests, @metrics, @doubts, @harvest
FROM trial JOIN agent ON agent.name = trial.agent WHERE trial.id = @id;
