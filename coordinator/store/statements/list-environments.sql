-- Machines that measured a sweep, and the engines they ran, each pair once.
SELECT DISTINCT agent.name AS agent, environment.facts AS environment, engine_start.facts AS engine
FROM measurement
JOIN trial ON trial.id = measurement.trial_id
JOIN agent ON agent.name = trial.agent
JOIN environment ON environment.fingerprint = measurement.environment
LEFT JOIN engine_start ON engine_start.lease_id = trial.lease_id
WHERE trial.sweep_id = @sweep ORDER BY agent.name;
