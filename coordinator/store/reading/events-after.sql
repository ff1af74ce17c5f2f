-- Moves of a sweep, its trials and its leases since an event, oldest first.
SELECT event.*, coalesce(trial.agent, lease.agent, '') AS agent,
  coalesce(trial.configuration_key, block.block_key, '') AS subject,
  iif(event.new_state = coalesce(trial.state, sweep.state), coalesce(trial.reason, sweep.reason, ''), '') AS reason
FROM event
LEFT JOIN trial ON event.entity = 'trial' AND trial.id = event.entity_id
LEFT JOIN lease ON event.entity = 'lease' AND lease.id = event.entity_id
LEFT JOIN block ON block.id = lease.block_id
LEFT JOIN sweep ON event.entity = 'sweep' AND sweep.id = event.entity_id
WHERE event.id > @after AND event.sweep_id = @sweep
ORDER BY event.id LIMIT @limit + 0;
