-- Every agent that ever connected.
SELECT agent.*, environment.facts AS environment_facts
FROM agent JOIN environment ON environment.fingerprint = agent.environment ORDER BY agent.name;
